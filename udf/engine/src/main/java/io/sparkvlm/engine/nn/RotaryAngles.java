package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.rows.RowOperators;
import org.bytedeco.pytorch.Tensor;

/**
 * The angles by which the heads of each row turn. Each of a head's frequencies follows one of the row's positions.
 *
 * <p>Frequencies, angles and the turning itself are float32 whatever the model's type: frequencies rounded to bfloat16
 * move logits by 3e-2.
 *
 * @param cosines float32, [rows, 1, half a head]; sines likewise
 */
public record RotaryAngles(Tensor cosines, Tensor sines) {
    /**
     * The angles position x frequency.
     *
     * @param positions float32, [rows, half a head]: for every frequency the position it follows
     * @param frequencies float32, [half a head]
     */
    public static RotaryAngles of(Tensor positions, Tensor frequencies) {
        Tensor angles = positions.mul(frequencies).unsqueeze(1); // [rows, 1, half a head]
        return new RotaryAngles(angles.cos(), angles.sin());
    }

    /**
     * The frequencies theta^(-2i/size) of an axis that turns {@code size} dimensions, computed in float32 as
     * transformers does.
     */
    public static float[] inverseFrequencies(double theta, int size) {
        float[] frequencies = new float[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = (float) (2 * i) / size;
            frequencies[i] = 1f / (float) Math.pow(theta, exponent);
        }
        return frequencies;
    }

    /**
     * Turns every head of every row in place: the pair (x[i], x[i + half]) by the row's angle i.
     *
     * @param heads [rows, heads, head size], a row's heads side by side
     */
    public void turn(Tensor heads, RowOperators rows) {
        rows.turn(heads, cosines, sines);
    }
}
