package io.sparkvlm.job.cli;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.options.ColumnOptions;
import io.sparkvlm.job.options.EngineOptions;
import io.sparkvlm.job.options.InferenceOptions;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.PreprocessingOption;
import io.sparkvlm.job.options.RequestOptions;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private EngineOptions engine;

    @Mixin
    private RequestOptions requests;

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
        String[] arguments = new String[values.size()];
        int index = 0;
        for (Map.Entry<String, String> value : values.entrySet()) {
            if (!known.contains(value.getKey())) {
                throw new JobRefusedException("unknown key \"" + value.getKey() + "\"; the nearest is \""
                        + NearestName.to(value.getKey(), known) + "\"");
            }
            arguments[index++] = "--" + value.getKey() + "=" + value.getValue();
        }
        // Keys of the whole command line: what it reads and writes may be configured, and has no meaning here.
        line.setDefaultValueProvider(others.providerFor(RootCommand.commandLine()));
        try {
            line.parseArgs(arguments);
        } catch (ParameterException e) {
            throw new JobRefusedException(RootCommand.sentence(e), e);
        }
        return options;
    }

    public InferenceConfig config(Configuration hadoop) throws JobRefusedException {
        return new InferenceOptions(model.model(), engine, requests).config(hadoop);
    }

    public ColumnRoles columns() throws JobRefusedException {
        return columns.roles();
    }

    public PreprocessingMode preprocessing() {
        return preprocessing.mode();
    }
}
