package io.sparkvlm.engine.model;

import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The keys and values of all layers, in blocks that sequences take and give back. Which block is whose, only block
 * tables say. For the engine's thread.
 */
public final class KvCache implements AutoCloseable {
    private final int blocks;
    private final int blockSizeTokens;
    private final List<Layer> layers = new ArrayList<>();
    private final ResidentTensors resident = new ResidentTensors();

    /**
     * One layer's part.
     *
     * @param keys [key-value heads, blocks x blockSizeTokens, head size]: head by head, as attention reads them
     * @param values as keys
     */
    record Layer(Tensor keys, Tensor values) {}

    KvCache(TextConfig config, int blocks, int blockSizeTokens, TensorFactory factory) {
        if (blocks < 1 || blockSizeTokens < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 block of at least 1 token, found " + blocks + " of " + blockSizeTokens);
        }
        this.blocks = blocks;
        this.blockSizeTokens = blockSizeTokens;
        try (TensorScope scope = new TensorScope()) {
            long slots = (long) blocks * blockSizeTokens;
            for (int layer = 0; layer < config.layers(); layer++) {
                layers.add(new Layer(slots(config, slots, factory), slots(config, slots, factory)));
            }
        }
    }

    /** Not filled, so that memory is taken as blocks are. */
    private Tensor slots(TextConfig config, long slots, TensorFactory factory) {
        return resident.keep(
                factory.empty(config.heads().keyValues(), slots, config.heads().size()));
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
            Tensor indices = HostTensors.indices(numbers, layers.get(0).keys().device());
            Scalar zero = new Scalar(0f);
            for (Layer layer : layers) {
                inBlocks(layer.keys()).index_fill_(1, indices, zero);
                inBlocks(layer.values()).index_fill_(1, indices, zero);
            }
        }
    }

    /** [key-value heads, blocks, blockSizeTokens x head size] */
    private Tensor inBlocks(Tensor slots) {
        return slots.view(slots.size(0), blocks, -1);
    }

    public int blocks() {
        return blocks;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    int headSize() {
        return (int) layers.get(0).keys().size(2);
    }

    Layer layer(int layer) {
        return layers.get(layer);
    }

    @Override
    public void close() {
        resident.close();
    }
}
