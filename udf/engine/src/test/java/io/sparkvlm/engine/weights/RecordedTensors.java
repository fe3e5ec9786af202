package io.sparkvlm.engine.weights;

import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/** Reads what a reference run recorded, out of a safetensors file. */
public final class RecordedTensors implements AutoCloseable {
    private final SafetensorsFile file;

    public RecordedTensors(Path path) throws IOException {
        this.file = SafetensorsFile.open(path);
    }

    public float[] floats(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            return HostTensors.toFloats(file.read(name));
        }
    }

    public byte[] bytes(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor tensor = file.read(name);
            byte[] values = new byte[Math.toIntExact(tensor.numel())];
            new BytePointer(tensor.data_ptr()).get(values);
            return values;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
