package io.sparkvlm.spark.commit;

import java.io.Serializable;

/** What a task asks the driver. */
sealed interface CommitRequest extends Serializable {
    Attempt attempt();

    CommitReply answerFrom(Publication publication);

    /** To be the one that writes its partition, and which rows are published of it. */
    record Claim(Attempt attempt) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.claim(attempt);
        }
    }

    /** To begin another row; while the job stops, tasks close the files that they have open and end. */
    record GoOn(Attempt attempt) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.goOn(attempt);
        }
    }

    /**
     * To publish a file that is closed.
     *
     * @param file its name in the folder of files that tasks write
     */
    record Offer(Attempt attempt, String file, RowIds rows) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.offer(attempt, file, rows);
        }
    }
}
