package io.sparkvlm.engine.weights;

import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Reads what a reference run recorded, out of a safetensors file. */
public final class RecordedTensors implements AutoCloseable {
    private final SafetensorsFile file;

    public RecordedTensors(Path path) throws IOException {
        this.file = SafetensorsFile.open(path);
    }

    public float[] floats(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            return HostTensors.toFloats(read(name));
        }
    }

    public byte[] bytes(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor tensor = read(name);
            byte[] values = new byte[Math.toIntExact(tensor.numel())];
            new BytePointer(tensor.data_ptr()).get(values);
            return values;
        }
    }

    private Tensor read(String name) throws IOException {
        StoredTensor stored = file.tensor(name);
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        Tensor tensor = torch.empty(shape, new TensorOptions(stored.type().scalarType()), null);
        file.copyInto(name, tensor);
        return tensor;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
