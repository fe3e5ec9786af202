package io.sparkvlm.torch.decoder;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.attention.GpuAttentionKernels;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Cache;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Rows;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Sequences;
import io.sparkvlm.torch.attention.GpuSequences;
import io.sparkvlm.torch.attention.PagedHeads;
import io.sparkvlm.torch.attention.PagedSequence;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.gpu.Gpu;
import io.sparkvlm.torch.gpu.GpuGraph;
import io.sparkvlm.torch.gpu.GpuGraphs;
import io.sparkvlm.torch.gpu.GpuProduct;
import io.sparkvlm.torch.gpu.GpuProduct.Result;
import io.sparkvlm.torch.gpu.GpuWork;
import io.sparkvlm.torch.linear.LibtorchLinear;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.rows.GpuRowKernels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * A decode step, from tokens to logits, as one graph on a GPU: its hundreds of kernels take less time than to start each of them.
 * What a step is told goes up in one copy, and its products are cuBLAS's.
 *
 * <p>Work between the same addresses is recorded for a number of rows, and for a number of parts of the longest sequence; both are
 * rounded up, so that few graphs serve all steps. Rows beyond the step's have no sequence. For one thread.
 */
public final class GpuDecoder implements AutoCloseable {
    /** Numbers of rows up to this have graphs of their own; larger ones are multiples of it. */
    private static final int ROWS = 8;

    /** The step's numbers of each row: token, three positions, slot; then what {@link GpuSequences} says. */
    private static final int NUMBERS_OF_ROW = 5;

    /** More than the steps of a job differ in; a graph takes some hundred kilobytes. */
    private static final int MOST_GRAPHS = 64;

    private final Model model;
    private final TensorFactory factory;
    private final Gpu gpu;
    private final GpuGraphs graphs;
    private final Map<Shape, GpuGraph> recorded = new LinkedHashMap<>(16, 0.75f, true); // by their last use
    private Optional<GpuDecoderBuffers> buffers = Optional.empty();
    private Optional<Cached> cache = Optional.empty(); // that of the graphs
    private boolean isRefused;

    /**
     * A language model in bfloat16.
     *
     * @param embeddings [vocabulary, width]
     * @param frequencies float32, [half a head]
     * @param axes int64, [half a head]: the axis that each frequency follows
     * @param epsilon of all norms
     * @param norm [width], of the last one
     * @param output from the width to logits
     */
    public record Model(
            Tensor embeddings,
            Tensor frequencies,
            Tensor axes,
            List<LayerOperators> layers,
            int queryHeads,
            int keyValueHeads,
            int headSize,
            double epsilon,
            Tensor norm,
            LinearOperator output) {
        /** Whether its products are of weights as they were given, and its rows are whole packs. */
        private boolean isTaken() {
            boolean productsAreTaken = Stream.concat(
                            layers.stream().flatMap(LayerOperators::products), Stream.of(output))
                    .allMatch(LibtorchLinear.class::isInstance);
            return productsAreTaken
                    && layers.stream()
                            .flatMap(layer -> Stream.of(layer.attentionOutput(), layer.gateAndUp(), layer.down()))
                            .allMatch(product -> bias(product) == 0)
                    && bias(output) == 0
                    && Stream.of(width(), inner(), (long) headSize).allMatch(width -> width % GpuRowKernels.PACK == 0);
        }

        long width() {
            return norm.size(0);
        }

        long inner() {
            return weight(layers.get(0).down()).size(1);
        }

        long vocabulary() {
            return weight(output).size(0);
        }

        long heads() {
            return queryHeads + 2L * keyValueHeads;
        }

        PagedHeads paged(int blockSizeTokens) {
            return new PagedHeads(queryHeads, keyValueHeads, headSize, blockSizeTokens);
        }
    }

    /**
     * One that computes.
     *
     * @param tokens one for each row
     * @param positions [rows, 3]: on the axes of time, height and width
     * @param slots one for each row: where in the cache its key and value go
     * @param sequences one for each row
     */
    public record Step(int[] tokens, float[] positions, int[] slots, List<PagedSequence> sequences) {}

    /** Where a cache is; {@link KernelCache}. */
    private record Cached(List<Long> addresses, long headStride, int blockSizeTokens) {
        static Cached of(KernelCache cache) {
            List<Long> addresses = Arrays.stream(HostTensors.toLongs(cache.addresses()))
                    .boxed()
                    .toList();
            return new Cached(addresses, cache.headStride(), cache.blockSizeTokens());
        }

        Cache layer(int layer) {
            return new Cache(addresses.get(2 * layer), addresses.get(2 * layer + 1), headStride);
        }
    }

    /** What a graph is recorded for. */
    private record Shape(int rows, int mostParts) {}

    private GpuDecoder(Model model, TensorFactory factory, Gpu gpu, GpuGraphs graphs) {
        this.model = model;
        this.factory = factory;
        this.gpu = gpu;
        this.graphs = graphs;
    }

    /** Empty where tensors are not in a GPU's memory, or there are no kernels for the model. */
    public static Optional<GpuDecoder> of(Model model, TensorFactory factory) {
        if (factory.dtype() != DType.BFLOAT16 || factory.gpu().isEmpty() || !model.isTaken()) {
            return Optional.empty();
        }
        Gpu gpu = factory.gpu().get();
        return GpuRowKernels.of(gpu)
                .flatMap(kernels -> gpu.openGraphs())
                .map(graphs -> new GpuDecoder(model, factory, gpu, graphs));
    }

    /**
     * What decode steps of a model whose weights are as they were given work in, beside other steps; 0 where a device has no
     * graphs.
     *
     * @param rows of the largest
     * @param inner what the MLP widens to
     * @return bytes
     */
    public static long bytes(
            DeviceSpec device, DType dtype, long rows, long width, long inner, PagedHeads heads, long vocabulary) {
        return device.kind() == DeviceSpec.Kind.CUDA && dtype == DType.BFLOAT16
                ? GpuGraphs.WORKSPACE_BYTES + GpuDecoderBuffers.bytes(roundedUp(rows), width, inner, heads, vocabulary)
                : 0;
    }

    /**
     * float32 logits [rows, vocabulary], which the next step overwrites; for the caller's scope. Empty where there are no kernels
     * for the cache, or the GPU refuses them.
     */
    public Optional<Tensor> logits(Step step, KernelCache of) {
        if (isRefused
                || GpuAttentionKernels.of(gpu, model.paged(of.blockSizeTokens()))
                        .isEmpty()) {
            return Optional.empty();
        }
        Cached cached = Cached.of(of);
        if (!cache.equals(Optional.of(cached))) {
            forget();
            cache = Optional.of(cached);
        }
        try {
            return logitsOf(step, cached);
        } catch (RuntimeException | Error e) { // of memory, perhaps, which smaller steps then find
            forget();
            throw e;
        }
    }

    private Optional<Tensor> logitsOf(Step step, Cached cached) {
        int count = step.tokens.length;
        int rows = (int) roundedUp(count);
        GpuSequences sequences = GpuSequences.of(step.sequences, cached.blockSizeTokens, rows);
        Shape shape = new Shape(rows, powerOfTwoFrom(sequences.mostParts()));
        GpuDecoderBuffers with = buffersFor(shape, sequences);
        with.tell(numbers(step, sequences, rows));
        GpuGraph known = recorded.get(shape);
        if (known != null) {
            known.start();
        } else {
            Optional<GpuGraph> started = graphs.start(work -> start(work, shape, with, cached));
            if (started.isEmpty()) {
                close();
                isRefused = true;
                return Optional.empty();
            }
            keep(shape, started.get());
        }
        return Optional.of(with.logits().narrow(0, 0, count));
    }

    private static long roundedUp(long rows) {
        return rows <= ROWS ? rows : (rows + ROWS - 1) / ROWS * ROWS;
    }

    private GpuDecoderBuffers buffersFor(Shape shape, GpuSequences sequences) {
        long numbers = NUMBERS_OF_ROW * (long) shape.rows + sequences.numbers().length + sequences.blocks().length;
        if (buffers.isEmpty() || !buffers.get().size().takes(shape.rows, numbers, sequences.keptParts())) {
            GpuDecoderBuffers.Size before = buffers.map(GpuDecoderBuffers::size).orElse(GpuDecoderBuffers.Size.NONE);
            forget();
            buffers = Optional.of(
                    new GpuDecoderBuffers(model, before.grownTo(shape.rows, numbers, sequences.keptParts()), factory));
        }
        return buffers.get();
    }

    private static int[] numbers(Step step, GpuSequences sequences, int rows) {
        int count = step.tokens.length;
        int[] numbers = new int[NUMBERS_OF_ROW * rows + sequences.numbers().length + sequences.blocks().length];
        System.arraycopy(step.tokens, 0, numbers, 0, count);
        for (int i = 0; i < 3 * count; i++) {
            numbers[rows + i] = Float.floatToRawIntBits(step.positions[i]);
        }
        for (int i = 0; i < rows; i++) {
            numbers[4 * rows + i] = i < count ? step.slots[i] : -1;
        }
        System.arraycopy(sequences.numbers(), 0, numbers, NUMBERS_OF_ROW * rows, sequences.numbers().length);
        System.arraycopy(
                sequences.blocks(),
                0,
                numbers,
                NUMBERS_OF_ROW * rows + sequences.numbers().length,
                sequences.blocks().length);
        return numbers;
    }

    private void keep(Shape shape, GpuGraph graph) {
        recorded.put(shape, graph);
        if (recorded.size() > MOST_GRAPHS) {
            Map.Entry<Shape, GpuGraph> eldest = recorded.entrySet().iterator().next();
            eldest.getValue().close();
            recorded.remove(eldest.getKey());
        }
    }

    /** The layers as Figure 1 of "Attention is all you need" stacks them, with Qwen2's norms before them. */
    private void start(GpuWork work, Shape shape, GpuDecoderBuffers with, Cached cached) {
        GpuRowKernels kernels = GpuRowKernels.of(work).orElseThrow();
        GpuAttentionKernels attention = GpuAttentionKernels.of(work, model.paged(cached.blockSizeTokens))
                .orElseThrow();
        long rows = shape.rows;
        Sequences sequences = with.sequences(NUMBERS_OF_ROW * rows, rows, shape.mostParts);
        kernels.begin(
                rows,
                address(with.numbers()),
                model.embeddings,
                model.frequencies,
                model.axes,
                with.hidden(),
                with.angles());
        for (int i = 0; i < model.layers.size(); i++) {
            LayerOperators layer = model.layers.get(i);
            Cache keysAndValues = cached.layer(i);
            kernels.normalize(rows, with.hidden(), layer.attentionNorm(), model.epsilon, with.normed());
            multiply(work, rows, with.normed(), layer.queriesKeysValues(), with.projected(), Result.ROUNDED);
            kernels.turnAndStore(
                    rows,
                    with.projected(),
                    bias(layer.queriesKeysValues()),
                    model.keyValueHeads,
                    with.angles(),
                    keysAndValues.keys(),
                    keysAndValues.values(),
                    keysAndValues.headStride());
            attention.attend(rows(with.projected()), keysAndValues, sequences, rows(with.attended()));
            multiply(work, rows, with.attended(), layer.attentionOutput(), with.hidden(), Result.ADDED);
            kernels.normalize(rows, with.hidden(), layer.mlpNorm(), model.epsilon, with.normed());
            multiply(work, rows, with.normed(), layer.gateAndUp(), with.gateAndUp(), Result.ROUNDED);
            kernels.gate(rows, with.gateAndUp(), with.gated());
            multiply(work, rows, with.gated(), layer.down(), with.hidden(), Result.ADDED);
        }
        kernels.normalize(rows, with.hidden(), model.norm, model.epsilon, with.normed());
        multiply(work, rows, with.normed(), model.output, with.logits(), Result.WHOLE);
    }

    private static void multiply(
            GpuWork work, long rows, Tensor input, LinearOperator by, Tensor output, Result result) {
        Tensor weight = weight(by);
        work.multiply(new GpuProduct(
                address(input), rows, address(weight), weight.size(0), weight.size(1), address(output), result));
    }

    private static Rows rows(Tensor heads) {
        return new Rows(address(heads), heads.stride(0));
    }

    private static Tensor weight(LinearOperator product) {
        return ((LibtorchLinear) product).weight();
    }

    private static long bias(LinearOperator product) {
        return ((LibtorchLinear) product).bias().has_value()
                ? address(((LibtorchLinear) product).bias().get())
                : 0;
    }

    private static int powerOfTwoFrom(int number) {
        return number == 1 ? 1 : Integer.highestOneBit(number - 1) * 2;
    }

    /** Closes the graphs and frees what they work in. */
    private void forget() {
        recorded.values().forEach(GpuGraph::close);
        recorded.clear();
        buffers.ifPresent(GpuDecoderBuffers::close);
        buffers = Optional.empty();
    }

    @Override
    public void close() {
        forget();
        if (!isRefused) {
            graphs.close();
        }
    }
}
