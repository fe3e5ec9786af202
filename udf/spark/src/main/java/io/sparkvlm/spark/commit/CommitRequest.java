package io.sparkvlm.spark.commit;

import java.io.Serializable;
import java.util.List;

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

    /**
     * To compute a row.
     *
     * @param ended rows that the attempt does not compute any more
     */
    record Begin(Attempt attempt, String rowId, List<String> ended) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.begin(attempt, rowId, ended);
        }
    }

    /** Tells of rows that the attempt does not compute any more. */
    record Ended(Attempt attempt, List<String> ended) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.ended(attempt, ended);
        }
    }

    /** Tells that the attempt computes nothing any more, whatever it was computing: its process has not died of it. */
    record Leave(Attempt attempt) implements CommitRequest {
        @Override
        public CommitReply answerFrom(Publication publication) {
            return publication.leave(attempt);
        }
    }
}
