package io.sparkvlm.engine.safetensors;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * A safetensors file whose tensors are copied straight from its mapped pages to where the model wants them, converted to
 * the model's type on the way: nothing of the file is held on the heap.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** Java maps at most 2 GiB at once, so a larger tensor is copied in windows of this size. */
    private static final long WINDOW_BYTES = 1L << 30;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, StoredTensor> tensors;
    private final List<BytePointer> viewed = new ArrayList<>(); // whose pages the collector would unmap

    private SafetensorsFile(Path file, FileChannel channel, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.channel = channel;
        this.tensors = tensors;
    }

    public static SafetensorsFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(file, channel, SafetensorsHeader.read(file, channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public Path path() {
        return file;
    }

    public Set<String> names() {
        return tensors.keySet();
    }

    /** Where and what a tensor of this file is. */
    public StoredTensor tensor(String name) throws CheckpointException {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(file, "expected tensor " + name + ", found none of that name");
        }
        return tensor;
    }

    /** Copies a tensor's values; {@code destination} is contiguous and has as many elements. */
    public void copyInto(String name, Tensor destination) throws IOException {
        StoredTensor stored = tensor(name);
        int elementBytes = stored.type().bytes();
        long elements = stored.bytes() / elementBytes;
        try (TensorScope scope = new TensorScope()) {
            Tensor flat = destination.view(elements);
            TensorOptions options = new TensorOptions(stored.type().scalarType());
            for (long first = 0; first < elements; first += WINDOW_BYTES / elementBytes) {
                long count = Math.min(elements - first, WINDOW_BYTES / elementBytes);
                MappedByteBuffer window = channel.map(
                        FileChannel.MapMode.READ_ONLY, stored.offset() + first * elementBytes, count * elementBytes);
                try {
                    Tensor source = torch.from_blob(new BytePointer(window), new long[] {count}, options);
                    flat.narrow(0, first, count).copy_(source);
                } finally {
                    Reference.reachabilityFence(window); // the collector unmaps a buffer that is not held
                }
            }
        }
    }

    /**
     * Copies a part of a tensor's values. Of its pages those that hold the part are read, and what the system reads ahead,
     * which may be the rest of each row.
     *
     * @param destination contiguous, of the part's shape
     */
    public void copyInto(String name, WeightPart part, Tensor destination) throws IOException {
        StoredTensor stored = tensor(name);
        long rows = stored.shape().get(0);
        long rowBytes = stored.bytes() / rows;
        long firstRow = part.dimension() == 0 ? part.from() : 0;
        long count = part.dimension() == 0 ? part.count() : rows;
        long rowsAtOnce = Math.max(1, WINDOW_BYTES / rowBytes);
        try (TensorScope scope = new TensorScope()) {
            Tensor byRow = destination.view(count, -1);
            TensorOptions options = new TensorOptions(stored.type().scalarType());
            for (long first = 0; first < count; first += rowsAtOnce) {
                long some = Math.min(count - first, rowsAtOnce);
                MappedByteBuffer window = channel.map(
                        FileChannel.MapMode.READ_ONLY,
                        stored.offset() + (firstRow + first) * rowBytes,
                        some * rowBytes);
                try {
                    long[] shape = {some, rowBytes / stored.type().bytes()};
                    Tensor source = torch.from_blob(new BytePointer(window), shape, options);
                    Tensor wanted = part.dimension() == 0 ? source : source.narrow(1, part.from(), part.count());
                    byRow.narrow(0, first, some).copy_(wanted);
                } finally {
                    Reference.reachabilityFence(window); // the collector unmaps a buffer that is not held
                }
            }
        }
    }

    /** A tensor in the type and shape that it is stored in, for the caller's scope. */
    public Tensor read(String name) throws IOException {
        StoredTensor stored = tensor(name);
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        Tensor tensor = torch.empty(shape, new TensorOptions(stored.type().scalarType()), null);
        copyInto(name, tensor);
        return tensor;
    }

    /** Whether a tensor can be read where it lies, as numbers of a type. */
    public boolean isMappable(String name, DType dtype) {
        StoredTensor stored = tensors.get(name);
        return stored != null && stored.type().scalarType() == dtype.scalarType() && isMappable(stored);
    }

    private static boolean isMappable(StoredTensor stored) {
        return isInOneMap(stored.bytes()) && stored.offset() % stored.type().bytes() == 0;
    }

    /** Java maps no more at once. */
    public static boolean isInOneMap(long bytes) {
        return bytes <= Integer.MAX_VALUE;
    }

    /**
     * A tensor where it lies in the file, to be read and not written; it stays when the file is closed. Empty where it is
     * stored in another type, or not so that Java can map it.
     */
    public Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        if (!isMappable(name, dtype)) {
            return Optional.empty();
        }
        StoredTensor stored = tensor(name);
        try (TensorScope scope = new TensorScope()) {
            BytePointer pages = resident.keep(pages(stored));
            return Optional.of(resident.keepMapped(over(pages, stored)));
        }
    }

    /**
     * A tensor in the type and shape that it is stored in, to be read in the caller's scope, while the file is open, and not written.
     * It lies in the file where Java can map it, so that a part needs no copy of the whole.
     */
    public Tensor view(String name) throws IOException {
        StoredTensor stored = tensor(name);
        if (!isMappable(stored)) {
            return read(name);
        }
        viewed.add(pages(stored));
        return over(viewed.get(viewed.size() - 1), stored);
    }

    /** As {@link #view}, for as long as the others live that are kept there, with whose memory it is counted. */
    public Tensor keptIn(ResidentTensors resident, String name) throws IOException {
        StoredTensor stored = tensor(name);
        try (TensorScope scope = new TensorScope()) {
            return resident.keep(isMappable(stored) ? over(resident.keep(pages(stored)), stored) : read(name));
        }
    }

    /** The pointer holds the buffer, which the collector would unmap. */
    private BytePointer pages(StoredTensor stored) throws IOException {
        return new BytePointer(channel.map(FileChannel.MapMode.READ_ONLY, stored.offset(), stored.bytes()));
    }

    private static Tensor over(BytePointer pages, StoredTensor stored) {
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        return torch.from_blob(pages, shape, new TensorOptions(stored.type().scalarType()));
    }

    @Override
    public void close() throws IOException {
        viewed.clear();
        channel.close();
    }
}
