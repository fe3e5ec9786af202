package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Mixin;

/** The options that say what requests may ask for: of media, of sampling, and by which name of the model. */
public class RequestOptions {
    @Mixin
    private ServedNameOption served;

    @Mixin
    private MediaOptions media;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private RequestFieldOptions fields;

    /**
     * Makes the settings of preprocessing, and opens what they name, so that a mistake is one line here and not the end of the
     * first task.
     *
     * @param model as it was asked for; a request may call it so, and the settings have it as executors can resolve it
     * @param maxModelLen tokens of a prompt and its answer, or auto
     * @param mostChoices that a request may ask for
     * @param hadoop the job's settings of Hadoop, which open the folders that requests may name
     */
    public PreprocessingSettings settings(String model, String maxModelLen, int mostChoices, Configuration hadoop)
            throws JobRefusedException {
        try {
            PreprocessingSettings settings =
                    unopened(model, maxModelLen, hadoop).withMostChoices(mostChoices);
            settings.check();
            return settings;
        } catch (FileSystemException e) { // whose message is the file alone
            throw new JobRefusedException(RootCause.of(e), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }

    PreprocessingSettings unopened(String model, String maxModelLen, Configuration hadoop) throws IOException {
        return new PreprocessingSettings(
                ModelFolder.ofThisMachine().portableName(model),
                config(served.names(model), PreprocessingSettings.contextLimit(maxModelLen)),
                media.roots(hadoop),
                droppedColumns());
    }

    /** Columns of the input that the output has not; requests that come from no table have none. */
    Set<String> droppedColumns() {
        return Set.of();
    }

    PreprocessingConfig config(List<String> servedModelNames, ContextLimit maxModelLen) {
        return new PreprocessingConfig(
                media.localFolder(),
                media.webAccess(),
                media.timeout(),
                servedModelNames,
                sampling.strictness(),
                maxModelLen,
                sampling.imagePixels(),
                media.imageLimits(),
                media.videoLimits(),
                media.isolation(),
                sampling.mediaPerPrompt(),
                PreprocessingConfig.ONE_CHOICE,
                sampling.defaults(),
                fields.sampling(),
                sampling.seed());
    }
}
