package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.prepared.PreparedRow;

/** Says in which form the pictures of a prepared table are. */
enum MediaStep {
    /** Decoded and resized, for the exchange. */
    RESIZED {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return preprocessor.resize(row);
        }
    },
    /** Decoded, resized and compressed, for a table that is kept. */
    KEPT {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return preprocessor.resizeToKeep(row);
        }
    };

    abstract PreparedRow apply(Preprocessor preprocessor, PreparedRow row);
}
