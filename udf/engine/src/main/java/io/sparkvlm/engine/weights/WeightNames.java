package io.sparkvlm.engine.weights;

import java.util.Set;

/** Translates the published name of a weight to the one that this folder uses. */
enum WeightNames {
    /** As in the published repositories, and as transformers 5 writes them. */
    PUBLISHED("model.", "visual."),
    /** As transformers 4.52 and later hold them, met in folders that were saved without renaming. */
    NESTED("model.language_model.", "model.visual.");

    private final String textPrefix;
    private final String visionPrefix;

    WeightNames(String textPrefix, String visionPrefix) {
        this.textPrefix = textPrefix;
        this.visionPrefix = visionPrefix;
    }

    /** Which layout these names follow. */
    static WeightNames of(Set<String> names) {
        return names.stream().anyMatch(name -> name.startsWith(NESTED.textPrefix)) ? NESTED : PUBLISHED;
    }

    String stored(String published) {
        if (published.startsWith(PUBLISHED.textPrefix)) {
            return textPrefix + published.substring(PUBLISHED.textPrefix.length());
        }
        if (published.startsWith(PUBLISHED.visionPrefix)) {
            return visionPrefix + published.substring(PUBLISHED.visionPrefix.length());
        }
        return published; // lm_head.weight
    }
}
