package io.sparkvlm.job.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import io.sparkvlm.job.cli.RootCommand.VersionText;
import io.sparkvlm.job.cli.flags.DottedFlags;
import io.sparkvlm.job.cli.flags.GroupedOptions;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.cli.flags.VllmFlags;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.output.Version;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.torch.natives.MissingDeviceException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code sparkvlm COMMAND}: runs a command and turns what it throws into one line and an exit code. */
@Command(
        name = "sparkvlm",
        description = "Vision-language batch inference on Apache Spark.",
        subcommands = {
            GenerateCommand.class,
            PrepareCommand.class,
            ServeCommand.class,
            DemoCommand.class,
            ShowCommand.class,
            ReportCommand.class,
            EvaluateCommand.class,
            CompareCommand.class,
            DoctorCommand.class,
            PlanCommand.class,
            PrepackCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        synopsisSubcommandLabel = "COMMAND")
public final class RootCommand implements Callable<Integer> {
    private static final List<String> COMMANDS_OF_JOBS = List.of("generate", "prepare");

    /** Those that look at what a job wrote, and leave the session as it was. */
    private static final Set<String> COMMANDS_OF_TABLES = Set.of("show", "report", "evaluate", "compare");

    private static final String ABORTED = "the job was aborted: ";
    private static final String MORE = "; --verbose shows more";

    @Spec
    private CommandSpec spec;

    private RootCommand() {}

    /** Says which commands there are, because none was given. */
    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getOut());
        return refuse(line, "expected a command, found none");
    }

    /** Runs a command in this JVM and returns its exit code: 0 done, 1 aborted, 2 refused, 3 too many error rows. */
    public static int run(String... args) {
        return run(commandLine(), written -> OptionDefaults.of(written, System.getenv()), args);
    }

    /** Where options have their values from that the command line does not give. */
    @FunctionalInterface
    private interface Defaults {
        OptionDefaults of(String[] written) throws JobRefusedException;
    }

    /**
     * Runs a command that looks at tables in this JVM, and in its Spark session where one is open.
     *
     * @return what it prints
     * @throws JobRefusedException when it is refused, as all other commands are
     * @throws IllegalStateException when it is aborted
     */
    public static String printed(String... args) throws JobRefusedException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionStrategy(RootCommand::executeIfOfTables);
        Optional<SparkSession> running = OpenedSpark.running();
        int code = run(
                line,
                written -> running.isPresent()
                        ? OptionDefaults.ofSession(running.get())
                        : OptionDefaults.of(written, System.getenv()),
                args);
        String reason = err.toString()
                .strip()
                .lines()
                .reduce("", (before, last) -> last)
                .replaceFirst("^sparkvlm: ", "");
        if (code == ExitCode.REFUSED.code()) {
            throw new JobRefusedException(reason);
        }
        if (code == ExitCode.ABORTED.code()) {
            throw new IllegalStateException(reason.replace(ABORTED, "").replace(MORE, ""));
        }
        return out.toString().strip();
    }

    private static int run(CommandLine line, Defaults defaults, String... args) {
        String[] written = normalized(args, line);
        try {
            line.setDefaultValueProvider(defaults.of(written).providerFor(line));
        } catch (JobRefusedException e) {
            return refuse(line, e.getMessage());
        }
        return line.execute(written);
    }

    /** Names of options with dashes for underscores and without dots, which vLLM takes too. */
    static String[] normalized(String[] args, CommandLine line) {
        Set<String> known = line.getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream())
                .collect(Collectors.toSet());
        List<String> words = Arrays.stream(args)
                .map(arg -> {
                    String name = arg.split("[=.]", 2)[0].replace('_', '-');
                    return known.contains(name) ? name + arg.substring(name.length()) : arg;
                })
                .toList();
        return DottedFlags.joined(words, known).toArray(String[]::new);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new RootCommand());
        line.getSubcommands().values().forEach(command -> command.getHelpSectionMap()
                .put(SECTION_KEY_OPTION_LIST, new GroupedOptions()));
        for (String command : COMMANDS_OF_JOBS) {
            VllmFlags.addTo(line.getSubcommands().get(command).getCommandSpec());
        }
        return configured(line)
                // Answers are in any language, whatever the shell's is.
                .setOut(new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true))
                .setParameterExceptionHandler(
                        (exception, args) -> refuse(exception.getCommandLine(), sentence(exception, args)))
                .setExecutionStrategy(RootCommand::execute)
                .setExecutionExceptionHandler(RootCommand::abort);
    }

    /** Reads values as this command line does. */
    static CommandLine configured(CommandLine line) {
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int execute(ParseResult parsed) {
        if (parsed.hasSubcommand()) {
            VllmFlags.notes(parsed.subcommand())
                    .forEach(note -> parsed.commandSpec().commandLine().getErr().println("sparkvlm: " + note));
        }
        return new RunLast().execute(parsed);
    }

    /** A job would end the session with itself. */
    private static int executeIfOfTables(ParseResult parsed) {
        Optional<CommandSpec> command = Optional.ofNullable(parsed.subcommand()).map(ParseResult::commandSpec);
        if (command.filter(RootCommand::isOfTables).isPresent()) {
            return execute(parsed);
        }
        return refuse(
                parsed.commandSpec().commandLine(),
                "expected a command that looks at tables, which are "
                        + String.join(", ", new TreeSet<>(COMMANDS_OF_TABLES))
                        + " and generate with --dry-run, found "
                        + command.map(CommandSpec::name).orElse("none"));
    }

    private static boolean isOfTables(CommandSpec command) {
        OptionSpec dryRun = command.findOption("--dry-run");
        return COMMANDS_OF_TABLES.contains(command.name())
                || (dryRun != null && Boolean.TRUE.equals(dryRun.getValue()));
    }

    private static int refuse(CommandLine line, String message) {
        line.getErr().println("sparkvlm: " + message);
        return ExitCode.REFUSED.code();
    }

    private static int abort(Exception exception, CommandLine line, ParseResult result) {
        if (exception instanceof JobRefusedException) {
            return refuse(line, exception.getMessage());
        }
        if (exception instanceof JobStoppedException) {
            line.getErr().println("sparkvlm: " + exception.getMessage());
            return ExitCode.ABORTED.code();
        }
        MissingDeviceException device = ExceptionUtils.throwableOfType(exception, MissingDeviceException.class);
        if (device != null) { // this process's, or that of an executor, which the driver could not ask before
            return refuse(line, device.getMessage());
        }
        if (isVerbose(line) && !(exception instanceof SparkException)) { // which has logged what its tasks threw
            LoggerFactory.getLogger(RootCommand.class).error("the job was aborted", exception);
        }
        line.getErr().println("sparkvlm: " + ABORTED + RootCause.of(exception) + (isVerbose(line) ? "" : MORE));
        return ExitCode.ABORTED.code();
    }

    private static boolean isVerbose(CommandLine line) {
        OptionSpec verbose = line.getCommandSpec().findOption("--verbose");
        return verbose != null && Boolean.TRUE.equals(verbose.getValue());
    }

    /** Says in one line what is wrong with the arguments. */
    static String sentence(ParameterException exception, String... args) {
        CommandSpec command = exception.getCommandLine().getCommandSpec();
        if (exception instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched.getUnmatched().get(0), command);
        }
        if (exception instanceof MissingParameterException missing) {
            Optional<String> misspelt = Arrays.stream(args)
                    .filter(arg -> arg.startsWith("--"))
                    .map(arg -> arg.split("=", 2)[0])
                    .filter(name -> command.findOption(name) == null)
                    .findFirst();
            if (misspelt.isPresent()) { // it may be the one that is missing
                return unknown(misspelt.get(), command);
            }
            return "expected "
                    + missing.getMissing().stream().map(RootCommand::asWritten).collect(Collectors.joining(" and "))
                    + ", which must be given";
        }
        return exception.getMessage().lines().findFirst().orElse("the command line is not right");
    }

    private static String unknown(String argument, CommandSpec command) {
        Set<String> known = argument.startsWith("-")
                ? command.options().stream()
                        .filter(option -> !option.hidden())
                        .flatMap(option -> Arrays.stream(option.names()))
                        .collect(Collectors.toSet())
                : command.subcommands().keySet();
        return "unknown argument \"" + argument + "\"" + NearestName.hint(argument, known);
    }

    private static String asWritten(ArgSpec missing) {
        return missing instanceof OptionSpec option
                ? option.names()[0] + "=" + option.paramLabel()
                : missing.paramLabel();
    }

    /** The version as {@code --version} prints it. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {"sparkvlm " + Version.text()};
        }
    }
}
