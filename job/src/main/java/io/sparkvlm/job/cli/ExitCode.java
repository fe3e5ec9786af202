package io.sparkvlm.job.cli;

/** What a job's end means to the shell that started it. */
enum ExitCode {
    /** Every row has its row, errors among them. */
    DONE(0),
    /** The job broke off; started again it goes on. */
    ABORTED(1),
    /** Nothing was started: the command line, the configuration or the tables are not right. */
    REFUSED(2),
    /** Every row has its row, but more of them than allowed are errors. */
    TOO_MANY_ERRORS(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
