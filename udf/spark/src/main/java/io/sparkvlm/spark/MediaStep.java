package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.PreparedRow;
import io.sparkvlm.preprocessing.Preprocessor;

/** Says how far preparation takes a row's media. */
enum MediaStep {
    /** As files, which the tasks that infer decode. */
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
    /** Decoded, resized and compressed, for a table that is kept. */
    KEPT {
        @Override
        PreparedRow apply(Preprocessor preprocessor, PreparedRow row) {
            return preprocessor.resizeToKeep(row);
        }
    };

    abstract PreparedRow apply(Preprocessor preprocessor, PreparedRow row);
}
