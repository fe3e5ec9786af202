package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock of the operating system, which ends with the process that holds it, however that ends. The file stays, because
 * a lock on a file that is deleted keeps no job out.
 */
final class LocalLock implements OutputLock {
    private static final String OTHERWISE = "wait for it, or choose another output";

    /**
     * Those that this process holds: static, because the operating system counts a process once, and takes its lock from it
     * when any of its openings of the file is closed.
     */
    private static final Map<Path, Writer> HELD = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;

    private LocalLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static LocalLock of(Path folder, String output) throws JobRefusedException, IOException {
        Path file = folder.toRealPath().resolve("lock");
        Writer writer = Writer.thisProcess();
        Writer held = HELD.putIfAbsent(file, writer);
        if (held != null) {
            throw held.refusal(output, OTHERWISE);
        }
        LocalLock lock;
        try {
            lock = new LocalLock(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            HELD.remove(file);
            throw e;
        }
        try {
            lock.take(writer, output);
            return lock;
        } catch (JobRefusedException | IOException e) {
            lock.close();
            throw e;
        }
    }

    private void take(Writer writer, String output) throws JobRefusedException, IOException {
        if (channel.tryLock() == null) {
            throw Writer.parse(Files.readString(file)).refusal(output, OTHERWISE);
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(writer.line().getBytes(StandardCharsets.UTF_8)));
    }

    /** The operating system holds it while the process lives. */
    @Override
    public void requireHeld() {}

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
