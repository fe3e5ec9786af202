package io.sparkvlm.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/** Tensors that live as long as a model does: kept when they are made, freed together. For one thread. */
public final class ResidentTensors implements AutoCloseable {
    private final List<Pointer> kept = new ArrayList<>();

    /** Lets the tensor outlive every scope. */
    public <T extends Pointer> T keep(T tensor) {
        tensor.retainReference();
        kept.add(tensor);
        return tensor;
    }

    /** What the tensors take that were kept as such. */
    public long bytes() {
        return kept.stream()
                .filter(Tensor.class::isInstance)
                .mapToLong(tensor -> ((Tensor) tensor).nbytes())
                .sum();
    }

    @Override
    public void close() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }
}
