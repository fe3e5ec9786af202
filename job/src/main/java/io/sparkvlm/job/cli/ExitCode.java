package io.sparkvlm.job.cli;

/** Tells the shell how a job ended. */
enum ExitCode {
    /** Every row of the input has a row in the output, errors among them. */
    DONE(0),
    /** The job broke off; when it is started again it begins anew. */
    ABORTED(1),
    /** No job was started, or it was ended, because of the command line, the configuration or the tables. */
    REFUSED(2),
    /** Every row of the input has a row in the output, but more of them than allowed are errors. */
    TOO_MANY_ERRORS(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
