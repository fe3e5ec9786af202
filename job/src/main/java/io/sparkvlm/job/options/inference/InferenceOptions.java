package io.sparkvlm.job.options.inference;

import static io.sparkvlm.preprocessing.PreprocessingConfig.ONE_CHOICE;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.AnswerSource;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.RemoteEngine;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * Joins the options of a job that answers rows, and makes its configuration of them.
 *
 * @param model as it was asked for: a folder or a name
 */
public record InferenceOptions(String model, EngineOptions engine, RequestOptions requests) {
    /** Patches and text of the rows that one task has in the engine: with two tasks, a quarter of a heap of 2 GB. */
    private static final long IN_FLIGHT_BYTES = 256L << 20;

    /**
     * Makes the configuration, and reads the headers of the checkpoint, so that a mistake is one line here and not the end
     * of the first task.
     *
     * @param hadoop the job's settings of Hadoop
     */
    public InferenceConfig config(Configuration hadoop) throws JobRefusedException {
        return config(ONE_CHOICE, hadoop);
    }

    /**
     * As {@link #config(Configuration)}, for requests that may ask for several choices each.
     *
     * @param mostChoices of them, as far as the engine computes so many sequences at once
     */
    public InferenceConfig config(int mostChoices, Configuration hadoop) throws JobRefusedException {
        int atOnce = Math.max(ONE_CHOICE, engine.maxNumSeqs()); // fewer are refused below, by the option's name
        PreprocessingSettings preprocessing =
                requests.settings(model, engine.maxModelLen(), Math.min(mostChoices, atOnce), hadoop);
        try {
            EngineSettings settings = engine.settings(preprocessing.model());
            settings.requireReadableCheckpoint();
            return new InferenceConfig(
                    preprocessing,
                    settings,
                    // One task alone can fill the engine, when the others have ended.
                    new InFlightLimits(engine.maxNumSeqs(), IN_FLIGHT_BYTES, engine.stallTimeout()));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }

    /** The configuration of a job whose rows go to servers; of the checkpoint no weights are needed. */
    InferenceConfig config(RemoteEngine servers, Configuration hadoop) throws JobRefusedException {
        return new InferenceConfig(
                requests.settings(model, engine.maxModelLen(), ONE_CHOICE, hadoop),
                new AnswerSource.Remote(servers),
                new InFlightLimits(servers.servers().inFlight(), IN_FLIGHT_BYTES, engine.stallTimeout()));
    }
}
