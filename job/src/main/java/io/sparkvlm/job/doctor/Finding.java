package io.sparkvlm.job.doctor;

import java.io.Serializable;
import java.util.Locale;

/**
 * One thing that was looked for.
 *
 * @param what was found, or is missing
 * @param todo what to do about it; empty where all is well
 */
public record Finding(Level level, String what, String todo) implements Serializable {
    /** How much of a finding keeps a job from running well. */
    public enum Level {
        OK,
        /** A job runs, but slower or with less than it could have. */
        WARN,
        /** A job does not run. */
        MISSING;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        if ((level == Level.OK) != todo.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected something to do exactly where all is not well, found " + level + " and \"" + todo + "\"");
        }
    }

    static Finding ok(String what) {
        return new Finding(Level.OK, what, "");
    }

    static Finding warn(String what, String todo) {
        return new Finding(Level.WARN, what, todo);
    }

    public static Finding missing(String what, String todo) {
        return new Finding(Level.MISSING, what, todo);
    }

    /** The finding in one line. */
    public String line() {
        return level.word() + ": " + what + (todo.isEmpty() ? "" : " — " + todo);
    }
}
