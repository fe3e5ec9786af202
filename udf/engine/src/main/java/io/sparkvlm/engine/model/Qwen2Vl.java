package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.PixelNormalization;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.engine.weights.PrepackedCheckpoint;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.UnfinishedFolder;
import io.sparkvlm.engine.weights.UnreadWeights;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.bytedeco.pytorch.Tensor;

/**
 * A Qwen2-VL model on its devices: turns images and videos into embeddings, and steps into the logits of the next tokens.
 *
 * <p>For one thread, the engine's. The same as Hugging Face transformers' Qwen2VLForConditionalGeneration.
 */
public final class Qwen2Vl implements VisionLanguageModel {
    private static final PixelNormalization NO_NORMALIZATION =
            new PixelNormalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

    private final ModelConfig config;
    private final StepMemory.Weights weights;
    private final DeviceMesh mesh;
    private final List<Rank> ranks = new ArrayList<>();
    private final Optional<RankGroups> groups; // none where ranks copy their parts
    private final Optional<RankThreads> threads; // none for one rank, which the caller's computes
    private final VisionTower vision; // rank 0's

    /** What is on one device: a part of the language model. */
    private record Rank(TensorFactory factory, ResidentTensors resident, TextDecoder decoder) {}

    private Qwen2Vl(
            ModelConfig config,
            PixelNormalization normalization,
            Function<RankSplit, WeightSource> sources,
            List<TensorFactory> factories,
            Quantization quantization,
            boolean isPublishedQuantized)
            throws IOException {
        this.config = config;
        this.weights = quantization == Quantization.NONE && !isPublishedQuantized
                ? StepMemory.Weights.AS_NUMBERS
                : StepMemory.Weights.ROUNDED;
        this.mesh =
                new DeviceMesh(factories.stream().map(TensorFactory::deviceSpec).toList());
        RankMeeting meeting = new RankMeeting(mesh.ranks());
        this.groups = RankGroups.areWanted(mesh.ranks(), config.vocabSize())
                ? Optional.of(new RankGroups(meeting, mesh.device(0).kind(), mesh.ranks()))
                : Optional.empty();
        this.vision = load(normalization, sources, factories, meeting, quantization);
        this.threads = mesh.ranks() == 1 ? Optional.empty() : Optional.of(new RankThreads(meeting, mesh.ranks()));
    }

    /** Loads all ranks, and the vision tower into the first. */
    private VisionTower load(
            PixelNormalization normalization,
            Function<RankSplit, WeightSource> sources,
            List<TensorFactory> factories,
            RankMeeting meeting,
            Quantization quantization)
            throws IOException {
        Optional<VisionTower> tower = Optional.empty();
        List<ResidentTensors> opened = new ArrayList<>();
        try {
            for (int rank = 0; rank < mesh.ranks(); rank++) {
                RankSplit split = new RankSplit(config.text(), rank, mesh.ranks());
                ResidentTensors resident = new ResidentTensors();
                opened.add(resident);
                WeightLoader weights = new WeightLoader(
                        sources.apply(split), WeightShapes.of(config).ofRank(split), factories.get(rank), resident);
                if (tower.isEmpty()) {
                    tower = Optional.of(new VisionTower(config.vision(), normalization, weights));
                }
                int own = rank;
                Collectives collectives = mesh.ranks() == 1
                        ? Collectives.ALONE
                        : groups.map(all -> all.ofRank(own)).orElseGet(() -> meeting.ofRank(own));
                ranks.add(new Rank(
                        factories.get(rank),
                        resident,
                        new TextDecoder(config, split, collectives, weights, quantization)));
            }
            return tower.orElseThrow();
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(ResidentTensors::close);
            factories.forEach(TensorFactory::close);
            throw e;
        }
    }

    /**
     * Loads a checkpoint folder in any of the forms that are published, a part of it to each device of the mesh.
     *
     * @throws io.sparkvlm.checkpoint.CheckpointException when the folder is not what it should be
     */
    public static Qwen2Vl load(Path checkpointFolder, DeviceMesh mesh, DType dtype, Quantization quantization)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(checkpointFolder)) {
            checkpoint.requireRoundable(quantization);
            checkpoint.requireSplittable(mesh.ranks());
            checkpoint.requireComputable(mesh.device(0).kind(), dtype);
            checkpoint.requireKernels();
            return new Qwen2Vl(
                    checkpoint.config(),
                    checkpoint.normalization(),
                    checkpoint::ofRank,
                    mesh.devices().stream()
                            .map(device -> new TensorFactory(device, dtype))
                            .toList(),
                    checkpoint.prepacked().orElse(quantization),
                    checkpoint.isQuantized());
        }
    }

    /**
     * Writes a copy of a checkpoint whose matrices lie in the order in which the kernels for CPUs read them, which are opened without
     * being brought into it, and which processes of a host share.
     *
     * @param to a folder that is not there yet
     * @param written is told how many bytes of weights came to the disk
     * @throws io.sparkvlm.checkpoint.CheckpointException when the folder is not what it should be
     */
    public static void prepack(Path checkpointFolder, Path to, Quantization quantization, LongConsumer written)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(checkpointFolder)) {
            PrepackedCheckpoint prepacked = new PrepackedCheckpoint(checkpointFolder, checkpoint, quantization);
            try (UnfinishedFolder folder = UnfinishedFolder.begin(to);
                    Qwen2Vl model = load(
                            checkpoint.config(),
                            checkpoint.normalization(),
                            prepacked,
                            new TensorFactory(DeviceSpec.CPU, DType.BFLOAT16),
                            quantization)) {
                prepacked.write(folder.path(), written);
                folder.finish();
            }
        }
    }

    /**
     * A model that has shapes and no weights, and takes no memory; of its devices none need be there.
     *
     * @throws IllegalArgumentException where its weights cannot be rounded or split so
     */
    public static Qwen2Vl withoutMemory(PlannedModel planned, DeviceMesh mesh, DType dtype, Quantization quantization)
            throws IOException {
        planned.requireRoundable(quantization);
        planned.requireSplittable(mesh.ranks());
        planned.requireComputable(mesh.device(0).kind(), dtype);
        List<TensorFactory> factories = mesh.devices().stream()
                .map(device -> TensorFactory.withoutMemory(device, dtype))
                .toList();
        return new Qwen2Vl(
                planned.config(),
                NO_NORMALIZATION,
                split -> new UnreadWeights(planned, split, factories.get(split.rank())),
                factories,
                planned.prepacked().orElse(quantization),
                planned.isQuantized());
    }

    /** A model of these dimensions that is not split; the factory is its own from here on. */
    static Qwen2Vl load(
            ModelConfig config,
            PixelNormalization normalization,
            WeightSource source,
            TensorFactory factory,
            Quantization quantization)
            throws IOException {
        return new Qwen2Vl(config, normalization, split -> source, List.of(factory), quantization, false);
    }

    public ModelConfig config() {
        return config;
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int maxPositions() {
        return config.maxPositionEmbeddings();
    }

    @Override
    public PatchGeometry geometry() {
        return config.vision().geometry();
    }

    @Override
    public KvCache newCache(int blocks, int blockSizeTokens) {
        return new KvCache(
                config.text().layers(),
                heads(),
                blocks,
                blockSizeTokens,
                ranks.stream().map(Rank::factory).toList());
    }

    @Override
    public long cacheBytesPerBlock(int blockSizeTokens) {
        long keysAndValues = 2L * heads().keyValues() * heads().size();
        return keysAndValues
                * blockSizeTokens
                * config.text().layers()
                * ranks.get(0).factory().dtype().bytes()
                * mesh.ranksPerDevice();
    }

    /** Those of one rank. */
    private AttentionHeads heads() {
        return new RankSplit(config.text(), 0, mesh.ranks()).heads();
    }

    @Override
    public long stepBytes(StepLimits limits) {
        TensorFactory first = ranks.get(0).factory();
        StepMemory memory = new StepMemory(config, first.deviceSpec(), first.dtype());
        RankSplit split = new RankSplit(config.text(), 0, mesh.ranks());
        long text = memory.text(split, weights, limits);
        return Math.max(text * mesh.ranksPerDevice(), memory.vision()) + memory.graphs(split, weights, limits);
    }

    /** What the weights of a rank take, and the constants beside them; pages of the checkpoint's files are not counted. */
    public long weightBytes(int rank) {
        return ranks.get(rank).resident().bytes();
    }

    @Override
    public List<Tensor> encodeVision(List<VisionInput> inputs) {
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> embeddings = vision.encode(inputs);
            embeddings.forEach(scope::keep);
            return embeddings;
        }
    }

    @Override
    public Tensor forward(StepInput step, KvCache cache) {
        if (threads.isEmpty()) {
            return forward(0, step, cache);
        }
        AtomicReference<Tensor> logits = new AtomicReference<>(); // all ranks have the same
        try {
            threads.get().run(rank -> {
                Tensor own = forward(rank, step, cache);
                if (rank == 0) {
                    logits.set(own);
                } else {
                    own.close();
                }
            });
        } catch (RuntimeException | Error e) {
            Optional.ofNullable(logits.get()).ifPresent(Tensor::close); // of another rank's failure
            throw e;
        }
        return logits.get();
    }

    private Tensor forward(int rank, StepInput step, KvCache cache) {
        try (TensorScope scope = new TensorScope()) {
            return scope.keep(ranks.get(rank).decoder().forward(step, cache));
        }
    }

    @Override
    public void close() {
        threads.ifPresent(RankThreads::close);
        groups.ifPresent(RankGroups::close);
        for (Rank rank : ranks) {
            rank.decoder().close();
            rank.resident().close();
            rank.factory().close();
        }
    }
}
