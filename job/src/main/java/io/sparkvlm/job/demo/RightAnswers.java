package io.sparkvlm.job.demo;

/** Counts right answers among those that were asked. */
public record RightAnswers(long right, long asked) {
    public static final RightAnswers NONE = new RightAnswers(0, 0);

    public RightAnswers plus(RightAnswers other) {
        return new RightAnswers(right + other.right, asked + other.asked);
    }

    public double fraction() {
        return asked == 0 ? 0 : (double) right / asked;
    }
}
