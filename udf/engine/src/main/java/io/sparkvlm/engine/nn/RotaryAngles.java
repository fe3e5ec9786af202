package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.TensorFactory;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The angles by which the heads of each row turn. Each of a head's frequencies follows one of the row's positions.
 *
 * <p>Frequencies, angles and the turning itself are float32 whatever the model's type: frequencies rounded to bfloat16
 * move logits by 3e-2.
 */
public final class RotaryAngles {
    private final Tensor cosines; // [rows, 1, half a head], float32
    private final Tensor sines; // as cosines

    private RotaryAngles(Tensor cosines, Tensor sines) {
        this.cosines = cosines;
        this.sines = sines;
    }

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
     * Turns every head of every row: the pair (x[i], x[i + half]) by the row's angle i.
     *
     * @param heads [rows, heads, head size], of any strides and the model's type
     * @return the same shape; in memory head by head, as attention reads it
     */
    public Tensor turn(Tensor heads, TensorFactory factory) {
        long half = cosines.size(2);
        Tensor turned =
                factory.empty(heads.size(1), heads.size(0), heads.size(2)).transpose(0, 1);
        Tensor first = heads.narrow(2, 0, half).to(ScalarType.Float);
        Tensor second = heads.narrow(2, half, half).to(ScalarType.Float);
        turned.narrow(2, 0, half).copy_(first.mul(cosines).addcmul_(second, sines, new Scalar(-1.0)));
        turned.narrow(2, half, half).copy_(second.mul(cosines).addcmul_(first, sines, new Scalar(1.0)));
        return turned;
    }
}
