package io.sparkvlm.job.demo;

/** How many of the asked are right? */
public record Score(long right, long asked) {
    public static final Score NONE = new Score(0, 0);

    public Score plus(Score other) {
        return new Score(right + other.right, asked + other.asked);
    }

    public double fraction() {
        return asked == 0 ? 0 : (double) right / asked;
    }
}
