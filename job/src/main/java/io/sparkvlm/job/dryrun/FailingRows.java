package io.sparkvlm.job.dryrun;

import java.util.List;

/** Counts the rows that an error code keeps from an answer, with the first of them. */
record FailingRows(String code, long rows, List<Example> examples) {
    FailingRows {
        examples = List.copyOf(examples);
    }

    /** Says of a row why it fails. */
    record Example(String rowId, String customId, String message) {}
}
