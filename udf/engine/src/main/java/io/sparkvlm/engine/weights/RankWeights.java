package io.sparkvlm.engine.weights;

import io.sparkvlm.engine.safetensors.WeightPart;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.quantization.PackedMatrix;
import java.io.IOException;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The weights of one rank: parts of a checkpoint's, which are read alone. */
final class RankWeights implements WeightSource {
    private final Checkpoint checkpoint;
    private final RankSplit split;

    RankWeights(Checkpoint checkpoint, RankSplit split) {
        this.checkpoint = checkpoint;
        this.split = split;
    }

    @Override
    public void copyInto(String name, Tensor destination) throws IOException {
        Optional<WeightPart> part = split.part(name);
        if (part.isPresent()) {
            checkpoint.copyInto(name, part.get(), destination);
        } else {
            checkpoint.copyInto(name, destination);
        }
    }

    @Override
    public Optional<PackedMatrix> packed(String name) throws IOException {
        Optional<WeightPart> part = split.part(name + ".weight");
        Optional<PackedMatrix> whole = checkpoint.packed(name);
        return part.isPresent() ? whole.map(part.get()::of) : whole;
    }

    @Override
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Optional<Tensor> whole = checkpoint.mapped(name, dtype, resident);
            return whole.map(tensor -> split.part(name)
                    .map(part -> resident.keep(tensor.narrow(part.dimension(), part.from(), part.count())))
                    .orElse(tensor));
        }
    }
}
