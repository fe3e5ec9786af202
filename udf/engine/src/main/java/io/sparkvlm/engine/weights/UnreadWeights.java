package io.sparkvlm.engine.weights;

import io.sparkvlm.engine.safetensors.WeightPart;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.quantization.PackedMatrix;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A rank's weights that are not read: they have shapes, and lie in a file where the model's own would. */
public final class UnreadWeights implements WeightSource {
    private final PlannedModel model;
    private final RankSplit split;
    private final TensorFactory factory;

    /**
     * The weights of a rank.
     *
     * @param factory makes tensors without memory
     */
    public UnreadWeights(PlannedModel model, RankSplit split, TensorFactory factory) {
        this.model = model;
        this.split = split;
        this.factory = factory;
    }

    @Override
    public void copyInto(String name, Tensor destination) {}

    @Override
    public Optional<PackedMatrix> packed(String name) {
        List<Long> shape = WeightShapes.of(model.config()).all().get(name + ".weight");
        Optional<PackedMatrix> whole =
                model.packing().flatMap(packing -> packing.matrix(name, shape.get(0), shape.get(1)));
        Optional<WeightPart> part = split.part(name + ".weight");
        return part.isPresent() ? whole.map(part.get()::of) : whole;
    }

    @Override
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) {
        return model.mappable().test(name, dtype)
                ? Optional.of(resident.keepMapped(factory.empty(
                        WeightShapes.of(model.config()).ofRank(split).of(name))))
                : Optional.empty();
    }
}
