package io.sparkvlm.engine.model;

import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/** Weights of a size that keeps activations of order one; the same name always has the same values. */
final class RandomWeights implements WeightSource {
    private final Map<String, float[]> given = new HashMap<>();
    private final Map<String, long[]> shapes = new HashMap<>();

    @Override
    public void copyInto(String name, Tensor destination) {
        long[] shape = destination.sizes().vec().get();
        int inputs = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            inputs *= (int) shape[axis];
        }
        float[] values = values(name, (int) destination.numel(), shape.length == 1, inputs);
        given.put(name, values);
        shapes.put(name, shape);
        try (TensorScope scope = new TensorScope();
                TensorFactory host = new TensorFactory(DeviceSpec.CPU, DType.FLOAT32)) {
            destination.copy_(host.floats(values).view(shape));
        }
    }

    /** What a model was given, row by row. */
    float[] values(String name) {
        return given.get(name);
    }

    /** The shapes of all weights that a model asked for, by name. */
    Map<String, long[]> shapes() {
        return shapes;
    }

    private static float[] values(String name, int count, boolean vector, int inputs) {
        Random random = new Random(name.hashCode());
        boolean scale = vector && name.endsWith("weight");
        double spread = vector ? 0.1 : name.contains("embed_tokens") ? 1 : 1.6 / Math.sqrt(inputs);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) ((scale ? 1 : 0) + spread * random.nextGaussian());
        }
        return values;
    }
}
