package io.sparkvlm.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A safetensors file is read or refused by a message that names it, whatever its bytes. A fuzzer, or a test, brings them. */
public final class SafetensorsFuzz {
    private static final Path FILE = temporary();

    private SafetensorsFuzz() {}

    public static List<byte[]> seeds() throws IOException {
        new SafetensorsBytes()
                .add("a.weight", new long[] {2, 3}, new float[6])
                .add("b.weight", "BF16", new long[] {4}, new byte[8])
                .add("empty", new long[] {0, 5}, new float[0])
                .write(FILE);
        return List.of(Files.readAllBytes(FILE));
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        isRead(bytes);
    }

    /** Whether the file's header holds; if so, each tensor lies inside it. */
    public static boolean isRead(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        try (SafetensorsFile opened = SafetensorsFile.open(FILE)) {
            for (String name : opened.names()) {
                StoredTensor tensor = opened.tensor(name);
                assertThat(tensor.offset()).isBetween(0L, (long) bytes.length);
                assertThat(tensor.end()).isBetween(tensor.offset(), (long) bytes.length);
            }
            return true;
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(FILE.getFileName().toString());
            return false;
        }
    }

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("fuzz", ".safetensors");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
