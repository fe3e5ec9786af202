package io.sparkvlm.engine.nn;

import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes a model's layers: allocates each weight once, on the model's device and in its type, and fills it in place.
 * Projections of the same input are stacked into one matrix, so that one operator computes them all.
 */
public final class WeightLoader {
    private final WeightSource source;
    private final TensorFactory factory;
    private final ResidentTensors resident;

    public WeightLoader(WeightSource source, TensorFactory factory, ResidentTensors resident) {
        this.source = source;
        this.factory = factory;
        this.resident = resident;
    }

    /** The rows that one projection has in a stacked matrix; its weights are {@code name.weight}, {@code name.bias}. */
    public record Projection(String name, int outputs) {}

    public TensorFactory factory() {
        return factory;
    }

    public ResidentTensors resident() {
        return resident;
    }

    public Tensor weight(String name, long... shape) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor weight = factory.empty(shape);
            source.copyInto(name, weight);
            return resident.keep(weight);
        }
    }

    public Linear linear(int inputs, Projection... projections) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            return Linear.withoutBias(stackedWeights(inputs, projections), this);
        }
    }

    public Linear linearWithBias(int inputs, Projection... projections) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor bias = factory.empty(outputs(projections));
            int row = 0;
            for (Projection projection : projections) {
                source.copyInto(projection.name() + ".bias", bias.narrow(0, row, projection.outputs()));
                row += projection.outputs();
            }
            return Linear.withBias(stackedWeights(inputs, projections), bias, this);
        }
    }

    /** A convolution whose stride is its kernel: a projection of each patch, [outputs, channels, time, height, width]. */
    public Linear convolution(String name, long... shape) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor weight = factory.empty(shape);
            source.copyInto(name, weight);
            return Linear.withoutBias(weight.view(shape[0], -1), this);
        }
    }

    public LayerNorm layerNorm(String name, int width) throws IOException {
        return new LayerNorm(weight(name + ".weight", width), weight(name + ".bias", width));
    }

    public RmsNorm rmsNorm(String name, int width, double epsilon) throws IOException {
        return new RmsNorm(weight(name + ".weight", width), epsilon);
    }

    private Tensor stackedWeights(int inputs, Projection... projections) throws IOException {
        Tensor weight = factory.empty(outputs(projections), inputs);
        int row = 0;
        for (Projection projection : projections) {
            source.copyInto(projection.name() + ".weight", weight.narrow(0, row, projection.outputs()));
            row += projection.outputs();
        }
        return weight;
    }

    private static int outputs(Projection... projections) {
        return Arrays.stream(projections).mapToInt(Projection::outputs).sum();
    }
}
