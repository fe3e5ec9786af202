package io.sparkvlm.torch.decoder;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.KernelSequences;
import io.sparkvlm.torch.attention.PagedSequence;
import io.sparkvlm.torch.linear.KernelLinear;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.natives.AttentionKernels;
import io.sparkvlm.torch.natives.DecoderKernels;
import io.sparkvlm.torch.natives.DecoderKernels.Shape;
import io.sparkvlm.torch.natives.DecoderKernels.Step;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import io.sparkvlm.torch.natives.RowKernels;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * All layers of a language model in bfloat16 by the project's own kernels, in one call: of a small model, operators that are
 * called one by one take as long as their products. The numbers are those of the operators.
 */
public final class KernelDecoder {
    private final Tensor numbers;

    private KernelDecoder(Tensor numbers) {
        this.numbers = numbers;
    }

    /**
     * The layers, where all their operators are kernels.
     *
     * @param epsilon of the norms
     * @param resident holds what the layers are written in; their weights live as long
     */
    public static Optional<KernelDecoder> of(
            List<LayerOperators> layers,
            int queryHeads,
            int keyValueHeads,
            int headSize,
            double epsilon,
            ResidentTensors resident) {
        long width = layers.get(0).attentionNorm().size(0);
        boolean areTaken = layers.stream().flatMap(LayerOperators::products).allMatch(KernelLinear.class::isInstance)
                && AttentionKernels.attendInBfloat16()
                && AttentionKernels.areTaken(headSize)
                && width % RowKernels.PARTS == 0;
        if (!areTaken) {
            return Optional.empty();
        }
        Shape shape = new Shape(width, queryHeads, keyValueHeads, headSize, epsilon, torch.get_num_threads());
        try (TensorScope scope = new TensorScope()) {
            Tensor ofLayers = resident.keep(Tensor.create(DecoderKernels.numbersOf(
                    layers.stream().map(KernelDecoder::ofKernels).toList())));
            return Optional.of(new KernelDecoder(
                    resident.keep(Tensor.create(DecoderKernels.numbersOf(shape, address(ofLayers), layers.size())))));
        }
    }

    /**
     * The hidden states after all layers [wanted, width], a view of the hidden states that are given, which are written over. No
     * layer follows that would read the others, so the last one computes them no further than to the cache.
     *
     * @param hidden [rows, width]
     * @param cosines float32, [rows, 1, half a head]; sines likewise
     * @param slots int64, [rows]: where in the cache each row's key and value go
     * @param sequences that the rows are of
     * @param wanted int64, rows in rising order
     */
    public Tensor apply(
            Tensor hidden,
            Tensor cosines,
            Tensor sines,
            Tensor slots,
            List<PagedSequence> sequences,
            Tensor wanted,
            KernelCache cache) {
        DecoderKernels.forward(
                address(numbers),
                address(cache.addresses()),
                cache.headStride(),
                address(hidden),
                new Step(
                        hidden.size(0),
                        address(cosines),
                        address(sines),
                        address(slots),
                        KernelSequences.inBlocks(sequences, cache.blockSizeTokens()),
                        address(wanted),
                        wanted.size(0)));
        return hidden.narrow(0, 0, wanted.size(0));
    }

    private static DecoderKernels.Layer ofKernels(LayerOperators layer) {
        return new DecoderKernels.Layer(
                address(layer.attentionNorm()),
                matrix(layer.queriesKeysValues()),
                matrix(layer.attentionOutput()),
                address(layer.mlpNorm()),
                matrix(layer.gateAndUp()),
                matrix(layer.down()));
    }

    private static Matrix matrix(LinearOperator operator) {
        return ((KernelLinear) operator).matrix();
    }
}
