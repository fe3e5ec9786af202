package io.sparkvlm.engine.nn;

import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.linear.KernelLinear;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import io.sparkvlm.torch.quantization.PackedMatrix;
import io.sparkvlm.torch.quantization.Quantization;
import io.sparkvlm.torch.quantization.QuantizedLinear;
import io.sparkvlm.torch.rows.RowOperators;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Makes a model's layers: allocates each weight once, on the model's device and in its type, and fills it in place.
 * Projections of the same input are stacked into one matrix, so that one operator computes them all.
 */
public final class WeightLoader {
    private static final String WEIGHT = ".weight";

    private final WeightSource source;
    private final WeightShapes shapes;
    private final TensorFactory factory;
    private final ResidentTensors resident;
    private final RowOperators rows;
    private final Quantization quantization;

    public WeightLoader(WeightSource source, WeightShapes shapes, TensorFactory factory, ResidentTensors resident) {
        this(source, shapes, factory, resident, RowOperators.on(factory), Quantization.NONE);
    }

    private WeightLoader(
            WeightSource source,
            WeightShapes shapes,
            TensorFactory factory,
            ResidentTensors resident,
            RowOperators rows,
            Quantization quantization) {
        this.source = source;
        this.shapes = shapes;
        this.factory = factory;
        this.resident = resident;
        this.rows = rows;
        this.quantization = quantization;
    }

    /** The same, but that matrices are rounded. */
    public WeightLoader rounding(Quantization to) {
        return new WeightLoader(source, shapes, factory, resident, rows, to);
    }

    public TensorFactory factory() {
        return factory;
    }

    public ResidentTensors resident() {
        return resident;
    }

    public RowOperators rows() {
        return rows;
    }

    public Tensor weight(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            return resident.keep(filled(name));
        }
    }

    /**
     * A matrix of which single rows are read. Where operators keep weights in an order of their own, that is left in its file
     * if it can be: the output head may hold the same numbers, in that order.
     */
    public Tensor table(String name) throws IOException {
        Optional<Tensor> mapped =
                LinearOperator.reorders(factory) ? source.mapped(name, factory.dtype(), resident) : Optional.empty();
        return mapped.isPresent() ? mapped.get() : weight(name);
    }

    /** One matrix of the projections, a projection's rows after the other's; each has {@code name.weight}. */
    public Linear linear(String... projections) throws IOException {
        return linear(String.join(WeightSource.AND, projections), () -> operator(new TensorOptional(), projections));
    }

    /** As {@link #linear}; each projection has {@code name.bias} too. */
    public Linear linearWithBias(String... projections) throws IOException {
        return linear(
                String.join(WeightSource.AND, projections),
                () -> operator(new TensorOptional(stacked(".bias", projections)), projections));
    }

    /** A convolution whose stride is its kernel: a projection of each patch, [outputs, channels, time, height, width]. */
    public Linear convolution(String name) throws IOException {
        return linear(name, () -> {
            Tensor weight = filled(name + WEIGHT);
            return operator(weight.view(weight.size(0), -1), new TensorOptional());
        });
    }

    /**
     * The embeddings of that name, read as the matrix that turns hidden states into logits. Where the operator keeps weights in an
     * order of its own, a row is looked up in the plain one.
     */
    public Linear tiedTo(String name, Tensor embeddings) throws IOException {
        return linear(name, () -> operator(embeddings, new TensorOptional()));
    }

    /** Makes an operator of weights that are read. */
    @FunctionalInterface
    private interface Reading {
        LinearOperator operator() throws IOException;
    }

    private Linear linear(String name, Reading otherwise) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Optional<PrepackedMatrix> prepacked = source.prepacked(name, resident);
            if (prepacked.isPresent()) {
                return new Linear(new KernelLinear(prepacked.get(), factory));
            }
            LinearOperator operator = otherwise.operator();
            if (operator instanceof KernelLinear kernel) {
                source.isPrepacked(name, kernel.weights());
            }
            return new Linear(operator);
        }
    }

    public LayerNorm layerNorm(String name) throws IOException {
        return new LayerNorm(weight(name + ".weight"), weight(name + ".bias"));
    }

    public RmsNorm rmsNorm(String name, double epsilon) throws IOException {
        return new RmsNorm(weight(name + ".weight"), epsilon, rows);
    }

    /** Matrices that were published quantized stay so, unless an order of their inputs is in the way (act order). */
    private LinearOperator operator(TensorOptional bias, String... projections) throws IOException {
        List<PackedMatrix> packed = new ArrayList<>();
        for (String projection : projections) {
            source.packed(projection).filter(PackedMatrix::isInOrder).ifPresent(packed::add);
        }
        if (packed.size() == projections.length) {
            return QuantizedLinear.of(packed, bias, factory, resident);
        }
        if (quantization == Quantization.NONE && LinearOperator.reorders(factory)) {
            try (ResidentTensors pages = new ResidentTensors()) {
                List<Tensor> mapped = mapped(pages, projections);
                if (mapped.size() == projections.length) {
                    return LinearOperator.reordered(mapped, bias, factory, resident);
                }
            }
        }
        return operator(stacked(WEIGHT, projections), bias);
    }

    private LinearOperator operator(Tensor weight, TensorOptional bias) {
        return QuantizedLinear.of(weight, bias, quantization, factory, resident);
    }

    /** Matrices where they lie in their files, as far as they do: another copy of a model's weights takes seconds and memory. */
    private List<Tensor> mapped(ResidentTensors pages, String... projections) throws IOException {
        List<Tensor> mapped = new ArrayList<>();
        for (String projection : projections) {
            source.mapped(projection + WEIGHT, factory.dtype(), pages).ifPresent(mapped::add);
        }
        return mapped;
    }

    private Tensor filled(String name) throws IOException {
        Tensor weight = factory.empty(shapes.of(name));
        source.copyInto(name, weight);
        return weight;
    }

    private Tensor stacked(String kind, String... projections) throws IOException {
        long[] shape = shapes.of(projections[0] + kind);
        shape[0] = Arrays.stream(projections)
                .mapToLong(projection -> shapes.of(projection + kind)[0])
                .sum();
        Tensor all = factory.empty(shape);
        long row = 0;
        for (String projection : projections) {
            long rows = shapes.of(projection + kind)[0];
            Tensor part = all.narrow(0, row, rows);
            Optional<PackedMatrix> packed = kind.equals(WEIGHT) ? source.packed(projection) : Optional.empty();
            if (packed.isPresent()) {
                packed.get().copyInto(part);
            } else {
                source.copyInto(projection + kind, part);
            }
            row += rows;
        }
        return all;
    }
}
