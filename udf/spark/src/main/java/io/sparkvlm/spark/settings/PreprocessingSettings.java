package io.sparkvlm.spark.settings;

import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.hadoop.MediaRoots;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Holds the preprocessing that a job was configured with; travels to the executors with the tasks.
 *
 * @param model a folder or Org/Name, see {@link ModelFolder}
 * @param roots folders of Hadoop's file systems that requests may name files in
 * @param dropColumns columns of the input that are not carried to the output; requests may name them nevertheless
 */
public record PreprocessingSettings(String model, PreprocessingConfig config, MediaRoots roots, Set<String> dropColumns)
        implements Serializable {
    public PreprocessingSettings {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(roots, "roots");
        dropColumns = Set.copyOf(dropColumns);
    }

    /** The folders of Hadoop's file systems that requests may name files in. */
    public List<String> mediaRoots() {
        return roots.roots();
    }

    /** These settings for requests that may ask for so many choices each. */
    public PreprocessingSettings withMostChoices(int choices) {
        return new PreprocessingSettings(model, config.withMostChoices(choices), roots, dropColumns);
    }

    /** Reads a {@code max-model-len} that is a number, or {@value EngineSettings#AUTO}. */
    public static ContextLimit contextLimit(String maxModelLen) {
        return EngineSettings.number("max-model-len", maxModelLen).stream()
                .mapToObj(ContextLimit::new)
                .findFirst()
                .orElse(ContextLimit.OF_THE_MODEL);
    }

    /**
     * Opens the checkpoint's tokenizer and template on this machine.
     *
     * @throws IOException when the checkpoint cannot be read
     * @throws IllegalArgumentException naming the setting that is out of its range
     */
    public Preprocessor open() throws IOException {
        return Preprocessor.open(
                ModelFolder.ofThisMachine().resolve(model),
                config,
                roots.open().stream().toList());
    }
}
