package io.sparkvlm.preprocessing.video.sample;

/**
 * Evenly spaced numbers, with torch.linspace's rounding: the step is a float, the first half counts from the start and
 * the second from the end, multiplied and added in one rounding, as its code for AVX2 does. Some places between two frames
 * are rounded to the one or the other by nothing but this.
 */
final class FloatLinspace {
    private FloatLinspace() {}

    /** @param steps at least 2 */
    static float[] of(int start, int end, int steps) {
        float step = ((float) end - start) / (steps - 1);
        float[] places = new float[steps];
        for (int i = 0; i < steps; i++) {
            places[i] = i < steps / 2 ? Math.fma(step, i, start) : Math.fma(-step, steps - i - 1, end);
        }
        return places;
    }
}
