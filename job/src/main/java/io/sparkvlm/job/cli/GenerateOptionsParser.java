package io.sparkvlm.job.cli;

import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.cli.flags.VllmFlags;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.options.ColumnOptions;
import io.sparkvlm.job.options.DedupeOption;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.PreprocessingOption;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.options.inference.InferenceOptions;
import io.sparkvlm.job.options.inference.RemoteEngineOptions;
import io.sparkvlm.job.options.inference.RowRequestOptions;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.Repeats;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Parses the options that a program gives as a map, with the classes that parse the command line. */
@Command(name = "generate")
public final class GenerateOptionsParser {
    @Mixin
    private PreprocessingOption preprocessing;

    @Mixin
    private ColumnOptions columns;

    @Mixin
    private ModelOption model;

    @Mixin
    private DedupeOption dedupe;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private RemoteEngineOptions remote;

    @Mixin
    private RowRequestOptions requests;

    private GenerateOptionsParser() {}

    /**
     * The options.
     *
     * @param values by the options' names without dashes
     * @param others asked for what is not among them
     */
    public static GenerateOptionsParser parse(Map<String, String> values, OptionDefaults others)
            throws JobRefusedException {
        GenerateOptionsParser options = new GenerateOptionsParser();
        CommandLine line = RootCommand.configured(new CommandLine(options));
        Set<String> known = OptionDefaults.keys(line.getCommandSpec());
        VllmFlags.addTo(line.getCommandSpec());
        List<String> arguments = new ArrayList<>();
        for (Map.Entry<String, String> value : values.entrySet()) {
            OptionSpec option = line.getCommandSpec().optionsMap().get("--" + value.getKey());
            if (option == null) {
                throw new JobRefusedException(
                        "unknown key \"" + value.getKey() + "\"" + NearestName.hint(value.getKey(), known));
            }
            if (option.arity().max() > 0) {
                arguments.add("--" + value.getKey() + "=" + value.getValue());
            } else if (Boolean.parseBoolean(value.getValue())) {
                arguments.add("--" + value.getKey());
            }
        }
        // Keys of the whole command line: what it reads and writes may be configured, and has no meaning here.
        line.setDefaultValueProvider(others.providerFor(RootCommand.commandLine()));
        try {
            line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new JobRefusedException(RootCommand.sentence(e), e);
        }
        return options;
    }

    public InferenceConfig config(Configuration hadoop) throws JobRefusedException {
        try {
            return remote.config(new InferenceOptions(model.model(), engine, requests), hadoop);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobRefusedException("interrupted while it asked the engine's servers", e);
        }
    }

    public ColumnRoles columns() throws JobRefusedException {
        return columns.roles();
    }

    public Repeats repeats() {
        return dedupe.repeats();
    }

    public PreprocessingMode preprocessing(InferenceConfig config) throws JobRefusedException {
        return preprocessing.mode(config.engine());
    }
}
