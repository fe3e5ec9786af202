package io.sparkvlm.engine.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes safetensors files: those of tests, and ones with a fault in a chosen place. */
public final class SafetensorsBytes {
    private final StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    private final Map<String, byte[]> data = new LinkedHashMap<>();
    private int written;

    /** A float32 tensor; the values are those of the array, row by row. */
    public SafetensorsBytes add(String name, long[] shape, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(name, "F32", shape, bytes.array());
    }

    public SafetensorsBytes add(String name, String dtype, long[] shape, byte[] bytes) {
        header.append(",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, joined(shape), written, written + bytes.length));
        data.put(name, bytes);
        written += bytes.length;
        return this;
    }

    public void write(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(written);
        data.values().forEach(all::put);
        write(file, header + "}", all.array());
    }

    /** Any header before any data. */
    public static void write(Path file, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .put(data)
                        .array());
    }

    private static String joined(long[] shape) {
        StringBuilder text = new StringBuilder();
        for (long size : shape) {
            text.append(text.isEmpty() ? "" : ",").append(size);
        }
        return text.toString();
    }
}
