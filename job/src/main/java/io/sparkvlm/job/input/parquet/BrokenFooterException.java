package io.sparkvlm.job.input.parquet;

/** Says in one line what is wrong with a file's footer. */
final class BrokenFooterException extends Exception {
    BrokenFooterException(String message) {
        super(message);
    }

    BrokenFooterException(String message, Throwable cause) {
        super(message, cause);
    }
}
