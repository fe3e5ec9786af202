package io.sparkvlm.engine.safetensors;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes tensors to safetensors files of a few gigabytes and the index that names them. Those whose size is a multiple of 64 bytes
 * begin at one, so that kernels can read them in the file's pages.
 */
public final class SafetensorsShards {
    private static final long MOST_BYTES = 4L << 30; // of a file with more than one tensor
    private static final int WINDOW_BYTES = 64 << 20;
    private static final int ALIGNMENT = 64;
    private static final int LENGTH_BYTES = 8;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;
    private final LongConsumer written;

    /** @param written is told how many bytes came to the disk */
    public SafetensorsShards(Path folder, LongConsumer written) {
        this.folder = folder;
        this.written = written;
    }

    /**
     * Writes the files and the index.
     *
     * @param tensors by name; contiguous, on the host
     */
    public void write(Map<String, Tensor> tensors) throws IOException {
        List<Map<String, Tensor>> shards = shards(tensors);
        ObjectNode index = MAPPER.createObjectNode();
        ObjectNode files = index.putObject("weight_map");
        for (int shard = 0; shard < shards.size(); shard++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, shards.size());
            write(folder.resolve(file), shards.get(shard));
            shards.get(shard).keySet().forEach(name -> files.put(name, file));
        }
        Files.writeString(folder.resolve(WeightFiles.INDEX_FILE), index.toPrettyString());
    }

    private static List<Map<String, Tensor>> shards(Map<String, Tensor> tensors) {
        List<Map<String, Tensor>> shards = new ArrayList<>();
        long bytes = MOST_BYTES;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            if (bytes + tensor.getValue().nbytes() > MOST_BYTES) {
                shards.add(new LinkedHashMap<>());
                bytes = 0;
            }
            shards.get(shards.size() - 1).put(tensor.getKey(), tensor.getValue());
            bytes += tensor.getValue().nbytes();
        }
        return shards;
    }

    private void write(Path file, Map<String, Tensor> tensors) throws IOException {
        List<Map.Entry<String, Tensor>> inOrder = tensors.entrySet().stream()
                .sorted(Comparator.comparing(tensor -> tensor.getValue().nbytes() % ALIGNMENT != 0))
                .toList();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            writeFully(out, ByteBuffer.wrap(header(inOrder)));
            for (Map.Entry<String, Tensor> tensor : inOrder) {
                write(out, tensor.getValue());
            }
            out.force(true);
        }
    }

    /** The length and the JSON, filled up with spaces as the format allows. */
    private static byte[] header(List<Map.Entry<String, Tensor>> tensors) {
        ObjectNode header = MAPPER.createObjectNode();
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put(
                    "dtype",
                    StoredType.of(tensor.getValue().scalar_type().intern()).name());
            ArrayNode shape = entry.putArray("shape");
            for (long dimension = 0; dimension < tensor.getValue().dim(); dimension++) {
                shape.add(tensor.getValue().size(dimension));
            }
            entry.putArray("data_offsets")
                    .add(offset)
                    .add(offset + tensor.getValue().nbytes());
            offset += tensor.getValue().nbytes();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (LENGTH_BYTES + json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer all = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong((long) padded - LENGTH_BYTES).put(json);
        while (all.hasRemaining()) {
            all.put((byte) ' ');
        }
        return all.array();
    }

    private void write(FileChannel out, Tensor tensor) throws IOException {
        long bytes = tensor.nbytes();
        try (BytePointer data = new BytePointer(tensor.data_ptr())) {
            for (long first = 0; first < bytes; first += WINDOW_BYTES) {
                long end = Math.min(bytes, first + WINDOW_BYTES);
                writeFully(out, data.position(first).limit(end).asByteBuffer());
                written.accept(end - first);
            }
        }
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
