package io.sparkvlm.job.run;

/** What becomes of a row whose request equals an earlier row's. */
public enum Repeats {
    /** It is answered like any other. */
    ANSWERED,
    /** It gets the earlier row's answer, where no row's own seed decides. */
    COPIED
}
