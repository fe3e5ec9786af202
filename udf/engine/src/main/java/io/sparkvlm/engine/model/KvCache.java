package io.sparkvlm.engine.model;

import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.PagedHeads;
import io.sparkvlm.torch.decoder.KernelCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The keys and values of all layers and ranks, in blocks that sequences take and give back. Which block is whose, only block
 * tables say. For the engine's thread.
 */
public final class KvCache implements AutoCloseable {
    private final int blocks;
    private final int blockSizeTokens;
    private final AttentionHeads heads;
    private final List<List<Layer>> ranks = new ArrayList<>();
    private final List<KernelCache> addresses = new ArrayList<>(); // a rank's each
    private final ResidentTensors resident = new ResidentTensors();

    /**
     * One layer's part in one rank.
     *
     * @param keys [key-value heads, blocks x blockSizeTokens, head size]: head by head, as attention reads them
     * @param values as keys
     */
    record Layer(Tensor keys, Tensor values) {}

    /**
     * @param heads that each rank holds
     * @param factories a rank's each
     */
    KvCache(int layers, AttentionHeads heads, int blocks, int blockSizeTokens, List<TensorFactory> factories) {
        if (blocks < 1 || blockSizeTokens < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 block of at least 1 token, found " + blocks + " of " + blockSizeTokens);
        }
        this.blocks = blocks;
        this.blockSizeTokens = blockSizeTokens;
        this.heads = heads;
        try (TensorScope scope = new TensorScope()) {
            long slots = (long) blocks * blockSizeTokens;
            for (TensorFactory factory : factories) {
                List<Layer> ofRank = new ArrayList<>();
                for (int layer = 0; layer < layers; layer++) {
                    ofRank.add(new Layer(slots(heads, slots, factory), slots(heads, slots, factory)));
                }
                ranks.add(ofRank);
                addresses.add(KernelCache.of(
                        ofRank.stream().map(Layer::keys).toList(),
                        ofRank.stream().map(Layer::values).toList(),
                        blockSizeTokens,
                        resident));
            }
        } catch (RuntimeException | Error e) {
            resident.close();
            throw e;
        }
    }

    /** Not filled, so that memory is taken as blocks are. */
    private Tensor slots(AttentionHeads heads, long slots, TensorFactory factory) {
        return resident.keep(factory.empty(heads.keyValues(), slots, heads.size()));
    }

    /**
     * Fills blocks with zeros. A sequence must have its blocks cleared when it takes them: attention reads, with weight 0,
     * slots of its last block that it has not written to, and 0 x not-a-number, which a broken sequence may have left
     * there, is not 0.
     */
    public void clear(List<Integer> taken) {
        if (taken.isEmpty()) {
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            int[] numbers = taken.stream().mapToInt(Integer::intValue).toArray();
            Scalar zero = new Scalar(0f);
            for (List<Layer> layers : ranks) {
                Tensor indices =
                        HostTensors.indices(numbers, layers.get(0).keys().device());
                for (Layer layer : layers) {
                    inBlocks(layer.keys()).index_fill_(1, indices, zero);
                    inBlocks(layer.values()).index_fill_(1, indices, zero);
                }
            }
        }
    }

    /** [key-value heads, blocks, blockSizeTokens x head size] */
    private Tensor inBlocks(Tensor slots) {
        return slots.view(slots.size(0), blocks, -1);
    }

    /**
     * Where each row's key and value go.
     *
     * @throws IllegalArgumentException where a block table has too few blocks, or other than there are
     */
    int[] slots(StepInput step) {
        int[] slots = new int[step.rows()];
        for (Segment segment : step.segments()) {
            check(segment);
            for (int i = 0; i < segment.rows(); i++) {
                int position = segment.context() + i;
                slots[segment.firstRow() + i] =
                        segment.blockTable()[position / blockSizeTokens] * blockSizeTokens + position % blockSizeTokens;
            }
        }
        return slots;
    }

    private void check(Segment segment) {
        int needed = segment.blocks(blockSizeTokens);
        if (segment.blockTable().length < needed) {
            throw new IllegalArgumentException("expected " + needed + " blocks of " + blockSizeTokens
                    + " tokens for a sequence of " + segment.length() + ", found " + segment.blockTable().length);
        }
        if (Arrays.stream(segment.blockTable()).anyMatch(block -> block < 0 || block >= blocks)) {
            throw new IllegalArgumentException(
                    "expected blocks below " + blocks + ", found " + Arrays.toString(segment.blockTable()));
        }
    }

    KernelCache addresses(int rank) {
        return addresses.get(rank);
    }

    public int blocks() {
        return blocks;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /** Those that attend to it in each rank. */
    PagedHeads heads() {
        return new PagedHeads(heads.queries(), heads.keyValues(), heads.size(), blockSizeTokens);
    }

    Layer layer(int rank, int layer) {
        return ranks.get(rank).get(layer);
    }

    @Override
    public void close() {
        resident.close();
    }
}
