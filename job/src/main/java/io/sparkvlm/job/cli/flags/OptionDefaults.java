package io.sparkvlm.job.cli.flags;

import io.sparkvlm.job.options.SourceOptions;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives an option its value where the command line does not: from Spark's configuration, else from the properties
 * file. A key is a long name of the option without its dashes; the first of several is the one that pages name.
 */
public final class OptionDefaults {
    /** Before a key in Spark's configuration. */
    static final String SPARK_PREFIX = "spark.sparkvlm.";
    /** Names the properties file where {@code --properties-file} does not; the launcher sets it. */
    public static final String PROPERTIES_FILE_VARIABLE = "SPARKVLM_PROPERTIES_FILE";

    /** Options that are no keys: they are no settings, or say where settings come from. */
    private static final Set<String> NO_KEYS = Set.of("help", "version", "properties-file", "conf");

    /** These commands look at what a job wrote, whose settings are not those of the next job. */
    private static final Set<String> COMMANDS_WITHOUT_KEYS = Set.of("show", "report");

    private final Map<String, String> fromFile;
    private final Map<String, String> fromSpark;
    private final String fileName;

    private OptionDefaults(String fileName, Map<String, String> fromFile, Map<String, String> fromSpark) {
        this.fileName = fileName;
        this.fromFile = fromFile;
        this.fromSpark = fromSpark;
    }

    /** Those that the words of a command line, or else the environment, name. */
    public static OptionDefaults of(String[] args, Map<String, String> environment) throws JobRefusedException {
        SourceOptions options = new SourceOptions();
        try {
            new CommandLine(options)
                    .setUnmatchedArgumentsAllowed(true)
                    .setUnmatchedOptionsArePositionalParams(true)
                    .parseArgs(args);
        } catch (ParameterException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
        Optional<Path> file = options.propertiesFile()
                .or(() -> Optional.ofNullable(environment.get(PROPERTIES_FILE_VARIABLE))
                        .map(Path::of));
        SparkConf conf = new SparkConf();
        options.conf().forEach(conf::set);
        Map<String, String> fromSpark = new HashMap<>();
        for (Tuple2<String, String> setting : conf.getAllWithPrefix(SPARK_PREFIX)) {
            fromSpark.put(setting._1(), setting._2());
        }
        return new OptionDefaults(
                file.map(Path::toString).orElse("no file"), file.isPresent() ? read(file.get()) : Map.of(), fromSpark);
    }

    /** The options' own defaults, for programs that start no Spark. */
    public static OptionDefaults none() {
        return new OptionDefaults("no file", Map.of(), Map.of());
    }

    /** What a session is configured with; it has no properties file. */
    public static OptionDefaults ofSession(SparkSession spark) {
        Map<String, String> fromSpark = new HashMap<>();
        CollectionConverters.asJava(spark.conf().getAll()).forEach((key, value) -> {
            if (key.startsWith(SPARK_PREFIX)) {
                fromSpark.put(key.substring(SPARK_PREFIX.length()), value);
            }
        });
        return new OptionDefaults("no file", Map.of(), fromSpark);
    }

    /**
     * The values for a command and its subcommands.
     *
     * @throws JobRefusedException for a key that is no option of any of them, naming the nearest that is
     */
    public IDefaultValueProvider providerFor(CommandLine line) throws JobRefusedException {
        Set<String> known = keys(line.getCommandSpec());
        for (String key : new TreeSet<>(fromFile.keySet())) {
            requireKnown(key, known, "in " + fileName, "");
        }
        for (String key : new TreeSet<>(fromSpark.keySet())) {
            requireKnown(key, known, "in Spark's configuration", SPARK_PREFIX);
        }
        return this::defaultValue;
    }

    /** The keys that a file may have for a command and its subcommands. */
    public static Set<String> keys(CommandSpec command) {
        Set<String> keys = command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> keys(option).stream())
                .filter(key -> !NO_KEYS.contains(key))
                .collect(Collectors.toCollection(TreeSet::new));
        command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(subcommand -> !COMMANDS_WITHOUT_KEYS.contains(subcommand.name()))
                .forEach(subcommand -> keys.addAll(keys(subcommand)));
        return keys;
    }

    /** The keys of one option. */
    public static List<String> keys(OptionSpec option) {
        return Arrays.stream(option.names())
                .filter(name -> name.startsWith("--"))
                .map(name -> name.substring(2))
                .toList();
    }

    private static void requireKnown(String key, Set<String> known, String where, String prefix)
            throws JobRefusedException {
        if (!known.contains(key)) {
            throw new JobRefusedException("unknown key \"" + prefix + key + "\" " + where
                    + NearestName.of(key, known)
                            .map(name -> "; the nearest is \"" + prefix + name + "\"")
                            .orElse(""));
        }
    }

    private String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option
                && !COMMANDS_WITHOUT_KEYS.contains(argument.command().name())) {
            return Stream.of(fromSpark, fromFile)
                    .flatMap(values -> keys(option).stream().map(values::get))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .filter(value -> !value.isEmpty()) // as conf/job.properties writes what has no default
                    .orElse(null); // picocli's word for: none here, take the option's own
        }
        return null;
    }

    private static Map<String, String> read(Path file) throws JobRefusedException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the properties file " + file + " cannot be read: " + RootCause.of(e), e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(
                        key -> key, key -> properties.getProperty(key).strip()));
    }
}
