package io.sparkvlm.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Tensors that live as long as a model does: kept when they are made, freed together. For one thread. */
public final class ResidentTensors implements AutoCloseable {
    private final List<Pointer> kept = new ArrayList<>();
    private final Map<Long, Long> bytesByMemory = new HashMap<>(); // by the address of libtorch's record of it
    private final Set<Long> mapped = new HashSet<>();

    /** Lets the tensor outlive every scope. */
    public <T extends Pointer> T keep(T tensor) {
        tensor.retainReference();
        kept.add(tensor);
        if (tensor instanceof Tensor one) {
            count(one);
        } else if (tensor instanceof TensorOptional optional && optional.has_value()) {
            count(optional.get());
        }
        return tensor;
    }

    /** As {@link #keep}, of a tensor whose memory is pages of a file, which the system may drop and read again. */
    public Tensor keepMapped(Tensor tensor) {
        mapped.add(memory(tensor));
        return keep(tensor);
    }

    private void count(Tensor tensor) {
        // One in oneDNN's order has no storage that libtorch knows of; what pads its sizes is not counted.
        bytesByMemory.put(
                memory(tensor), tensor.has_storage() ? tensor.storage().nbytes() : tensor.nbytes());
    }

    private static long memory(Tensor tensor) {
        return tensor.has_storage()
                ? tensor.storage().unsafeGetStorageImpl().address()
                : tensor.unsafeGetTensorImpl().address();
    }

    /** What the tensors take of the device's memory. Where several share some, it counts once; pages of files do not count. */
    public long bytes() {
        return bytesByMemory.entrySet().stream()
                .filter(memory -> !mapped.contains(memory.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public void close() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }
}
