package io.sparkvlm.job.cli;

import java.util.Optional;

/** Tells the shell how a job ended. */
enum ExitCode {
    /** Every row of the input has a row in the output, errors among them. */
    DONE(0),
    /** The job broke off, or was stopped; the same command goes on. */
    ABORTED(1),
    /** No job was started, or it was ended, because of the command line, the configuration or the tables. */
    REFUSED(2),
    /** Every row of the input has a row in the output, but all of them are errors, or more than a user allows. */
    TOO_MANY_ERRORS(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /**
     * How a job ended that has all of its rows.
     *
     * @param errors share of the rows
     * @param most what a user allows; without it something is answered, or the job did not do what it was started for
     */
    static ExitCode of(double errors, Optional<Double> most) {
        boolean tooMany = most.map(allowed -> errors > allowed).orElse(errors == 1);
        return tooMany ? TOO_MANY_ERRORS : DONE;
    }

    int code() {
        return code;
    }
}
