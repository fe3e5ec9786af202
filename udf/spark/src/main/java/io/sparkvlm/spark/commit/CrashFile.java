package io.sparkvlm.spark.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps on a local disk what a process would have died of: the operating system has what was written, whatever becomes of the
 * writer. A line is {@code AMONG_OTHERS ALONE ROW_ID}; what follows the last one is of an earlier, longer content.
 */
final class CrashFile implements AutoCloseable {
    private static final String END = "end";

    private final Path file;
    private final FileChannel channel;

    /** Opens the file of an earlier process, or a new one. */
    CrashFile(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    Map<String, Deaths> read() throws IOException {
        Map<String, Deaths> deaths = new HashMap<>();
        // What follows the end may begin within a character, of which this takes any bytes.
        String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        for (String line : content.lines().toList()) {
            if (line.equals(END)) {
                return deaths;
            }
            String[] parts = line.split(" ", 3);
            deaths.put(parts[2], new Deaths(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        }
        return new HashMap<>(); // not written to its end
    }

    /** In one piece, over what was there. */
    void write(Map<String, Deaths> deaths) {
        StringBuilder lines = new StringBuilder();
        deaths.forEach((rowId, it) -> {
            if (rowId.indexOf('\n') < 0 && rowId.indexOf('\r') < 0) {
                lines.append(it.amongOthers()).append(' ').append(it.alone()).append(' ');
                lines.append(rowId).append('\n');
            }
        });
        ByteBuffer bytes =
                ByteBuffer.wrap(lines.append(END).append('\n').toString().getBytes(StandardCharsets.UTF_8));
        try {
            for (long written = 0; bytes.hasRemaining(); ) {
                written += channel.write(bytes, written);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
