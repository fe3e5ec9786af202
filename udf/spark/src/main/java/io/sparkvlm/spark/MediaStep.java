package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.PreparedRow;
import io.sparkvlm.preprocessing.Preprocessor;

/** How far does preparation take a row's media? */
enum MediaStep {
    /** As files: whoever infers decodes them. */
    FETCHED {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return row;
        }
    },
    /** Decoded and resized, for the exchange. */
    RESIZED {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return preprocessor.resize(row);
        }
    },
    /** The same, compressed, for a table that is kept. */
    KEPT {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return preprocessor.resizeToKeep(row);
        }
    };

    abstract PreparedRow apply(Preprocessor preprocessor, PreparedRow row);
}
