package io.sparkvlm.job.run;

import io.sparkvlm.api.IncurableException;
import io.sparkvlm.job.input.files.DamagedInput;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** Why it is no use to try a task again, in one line. What was published stays. */
record JobEnd(String line, Kind kind) {
    private enum Kind {
        /** What the job was given has to be put right: the input, the checkpoint, the options. */
        GIVEN_WRONG,
        /** The job is right, and goes on once there is room. */
        NO_ROOM
    }

    /** As Linux, Java and HDFS say it. */
    private static final String NO_ROOM =
            "(?s).*(No space left on device|Disk quota exceeded|DSQuotaExceeded|quota of .* is exceeded).*";

    /** Empty where another attempt may do better. */
    static Optional<JobEnd> of(Throwable thrown) {
        Optional<JobEnd> damage = DamagedInput.of(thrown).map(line -> new JobEnd(line, Kind.GIVEN_WRONG));
        return damage.or(() -> ExceptionUtils.getThrowableList(thrown).stream()
                .flatMap(link -> ofLink(link).stream())
                .reduce((outer, inner) -> inner)); // what wraps another repeats its words
    }

    private static Optional<JobEnd> ofLink(Throwable link) {
        if (link instanceof IncurableException) {
            return Optional.of(new JobEnd(link.getMessage(), Kind.GIVEN_WRONG));
        }
        String message = String.valueOf(link.getMessage());
        if (message.matches(NO_ROOM)) {
            String line = message.lines().findFirst().orElse("");
            return Optional.of(new JobEnd("the disk is full: " + line, Kind.NO_ROOM));
        }
        return Optional.empty();
    }

    /** Names the machine on which the fault was found, where that is not this one. */
    JobEnd on(String host) {
        return host.equals("localhost") ? this : new JobEnd("on " + host + ": " + line, kind);
    }

    void raise(Throwable cause) throws JobRefusedException, JobStoppedException {
        switch (kind) {
            case GIVEN_WRONG -> throw new JobRefusedException(line, cause);
            case NO_ROOM -> throw new JobStoppedException(line + "; make room, and " + StopSignals.ADVICE);
        }
    }
}
