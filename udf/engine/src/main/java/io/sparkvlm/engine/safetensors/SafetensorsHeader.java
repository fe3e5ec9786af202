package io.sparkvlm.engine.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors that a safetensors file holds, and where. The format: eight bytes with the header's length
 * (little-endian), a JSON header, then the tensors' bytes without overlaps or holes up to the end of the file.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">safetensors</a>
 */
final class SafetensorsHeader {
    /** The format's reference implementation, MAX_HEADER_SIZE. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int LENGTH_BYTES = 8;

    /** "version " as a length: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md. */
    private static final long GIT_LFS_START = 0x206e_6f69_7372_6576L;

    private final Path file;
    private final long dataStart;

    private SafetensorsHeader(Path file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /** The file's tensors by name, every one checked to lie where it claims. */
    static Map<String, StoredTensor> read(Path file, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        if (fileBytes < LENGTH_BYTES) {
            throw new CheckpointException(
                    file, "expected a safetensors header, found a file of " + fileBytes + " bytes");
        }
        long headerBytes = readFully(file, channel, 0, LENGTH_BYTES).getLong();
        if (headerBytes == GIT_LFS_START) {
            throw new CheckpointException(
                    file, "expected a safetensors file, found a Git LFS pointer: fetch the file with \"git lfs pull\"");
        }
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new CheckpointException(
                    file,
                    "expected a header of 2 to " + MAX_HEADER_BYTES + " bytes, found a length of "
                            + Long.toUnsignedString(headerBytes));
        }
        if (headerBytes > fileBytes - LENGTH_BYTES) {
            throw new CheckpointException(
                    file, "expected a header of " + headerBytes + " bytes, found only " + (fileBytes - LENGTH_BYTES));
        }
        byte[] json = readFully(file, channel, LENGTH_BYTES, (int) headerBytes).array();
        return new SafetensorsHeader(file, LENGTH_BYTES + headerBytes).parse(json, fileBytes);
    }

    private static ByteBuffer readFully(Path file, FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new CheckpointException(file, "ended while its header was read");
            }
        }
        return buffer.flip();
    }

    private Map<String, StoredTensor> parse(byte[] json, long fileBytes) throws CheckpointException {
        if (json[0] != '{') {
            throw new CheckpointException(file, "expected a header that begins with '{', found " + json[0]);
        }
        JsonNode header = JsonFile.parse(file, json);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                tensors.put(field.getKey(), tensor(field.getKey(), field.getValue()));
            }
        }
        checkThatTheyTile(tensors, fileBytes);
        return tensors;
    }

    private StoredTensor tensor(String name, JsonNode entry) throws CheckpointException {
        List<Long> shape = naturals(name, entry, "shape");
        List<Long> offsets = naturals(name, entry, "data_offsets");
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw fault(name, "expected data_offsets [begin, end], found " + offsets);
        }
        long begin = offsets.get(0);
        try {
            return new StoredTensor(
                    name, type(name, entry), shape, Math.addExact(dataStart, begin), offsets.get(1) - begin);
        } catch (ArithmeticException e) {
            throw fault(name, "its shape " + shape + " or offsets " + offsets + " are too large");
        } catch (IllegalArgumentException e) {
            throw fault(name, e.getMessage());
        }
    }

    private StoredType type(String name, JsonNode entry) throws CheckpointException {
        String found = entry.path("dtype").asText();
        return Arrays.stream(StoredType.values())
                .filter(type -> type.name().equals(found))
                .findFirst()
                .orElseThrow(() -> fault(
                        name,
                        "expected a dtype of " + Arrays.toString(StoredType.values()) + ", found \"" + found + "\""));
    }

    private List<Long> naturals(String name, JsonNode entry, String field) throws CheckpointException {
        JsonNode array = entry.path(field);
        if (!array.isArray()) {
            throw fault(name, "expected an array as its " + field + ", found " + array);
        }
        List<Long> values = new ArrayList<>(array.size());
        for (JsonNode value : array) {
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
                throw fault(name, "expected integers of at least 0 as its " + field + ", found " + array);
            }
            values.add(value.asLong());
        }
        return values;
    }

    /** The format's rule, so that no byte of a file has two meanings or none. */
    private void checkThatTheyTile(Map<String, StoredTensor> tensors, long fileBytes) throws CheckpointException {
        List<StoredTensor> inOrder = tensors.values().stream()
                .sorted(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::end))
                .toList();
        long next = dataStart;
        for (StoredTensor tensor : inOrder) {
            if (tensor.offset() != next) {
                throw fault(
                        tensor.name(),
                        "expected it to start at byte " + (next - dataStart)
                                + " of the data, where the one before ends, found " + (tensor.offset() - dataStart));
            }
            next = tensor.end();
            if (next > fileBytes) {
                throw fault(
                        tensor.name(),
                        "expected it to end inside the file's " + (fileBytes - dataStart) + " bytes of data, found "
                                + (next - dataStart));
            }
        }
        if (next != fileBytes) {
            throw new CheckpointException(
                    file, "expected tensors up to its end, found " + (fileBytes - next) + " bytes after the last");
        }
    }

    private CheckpointException fault(String tensor, String message) {
        return new CheckpointException(file, "tensor " + tensor + ": " + message);
    }
}
