package io.sparkvlm.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** Tensors that live as long as a model does: kept when they are made, freed together. For one thread. */
public final class ResidentTensors implements AutoCloseable {
    private final List<Pointer> kept = new ArrayList<>();

    /** Lets the tensor outlive every scope. */
    public <T extends Pointer> T keep(T tensor) {
        tensor.retainReference();
        kept.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }
}
