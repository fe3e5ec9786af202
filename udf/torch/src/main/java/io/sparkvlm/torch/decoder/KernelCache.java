package io.sparkvlm.torch.decoder;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.ResidentTensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Where the keys and values of all layers lie, as the project's own kernels read it.
 *
 * @param addresses int64, [layers, 2]
 * @param headStride from a head to the next, in numbers
 */
public record KernelCache(Tensor addresses, long headStride, int blockSizeTokens) {
    /**
     * Of layers that are alike.
     *
     * @param keys a layer's each, [key-value heads, slots, head size]; values likewise
     * @param resident holds the addresses, and the caches
     */
    public static KernelCache of(
            List<Tensor> keys, List<Tensor> values, int blockSizeTokens, ResidentTensors resident) {
        long[] addresses = new long[2 * keys.size()];
        for (int layer = 0; layer < keys.size(); layer++) {
            addresses[2 * layer] = address(keys.get(layer));
            addresses[2 * layer + 1] = address(values.get(layer));
        }
        return new KernelCache(
                resident.keep(Tensor.create(addresses)), keys.get(0).stride(0), blockSizeTokens);
    }
}
