package io.sparkvlm.job.demo;

/** Counts right answers among those that were asked. */
public record Tally(long right, long asked) {
    public static final Tally NONE = new Tally(0, 0);

    public Tally plus(Tally other) {
        return new Tally(right + other.right, asked + other.asked);
    }

    public double fraction() {
        return asked == 0 ? 0 : (double) right / asked;
    }
}
