package io.sparkvlm.job.text;

import java.util.Locale;

/** Writes counts, times and shares for people, in the same way in every locale. */
public final class Figures {
    private Figures() {}

    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number of things, in the singular if it is one. */
    public static String count(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    public static String time(double milliseconds) {
        if (milliseconds < 999.5) {
            return String.format(Locale.ROOT, milliseconds < 9.95 ? "%.1f ms" : "%.0f ms", milliseconds);
        }
        double seconds = milliseconds / 1_000;
        if (seconds < 99.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long minutes = Math.round(seconds) / 60;
        return minutes < 120
                ? minutes + " min " + Math.round(seconds) % 60 + " s"
                : String.format(Locale.ROOT, "%,d h %d min", minutes / 60, minutes % 60);
    }

    /** Of 10^9 bytes each. */
    public static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    public static String percent(long part, long whole) {
        return whole == 0 ? "0 %" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** Writes a share from 0 to 1. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
