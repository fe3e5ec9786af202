package io.sparkvlm.job.options;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name the sources of all other options' values; they are parsed first. */
@HelpGroup.Of(HelpGroup.SPARK)
public final class SourceOptions {
    @Option(
            names = "--properties-file",
            paramLabel = "FILE",
            description = "Values for these options, as key = value without the dashes. Spark's configuration"
                    + " (spark.sparkvlm.KEY) goes before the file, the command line before both.")
    private Optional<Path> propertiesFile = Optional.empty();

    @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "A setting of Spark, as spark-submit takes it.")
    private Map<String, String> conf = new LinkedHashMap<>();

    public Optional<Path> propertiesFile() {
        return propertiesFile;
    }

    public Map<String, String> conf() {
        return conf;
    }
}
