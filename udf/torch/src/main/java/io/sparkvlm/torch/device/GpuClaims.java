package io.sparkvlm.torch.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which GPUs of this machine have an engine of this user, so that processes without an assigned GPU do not meet on
 * one. A claim is a file lock: it ends with its process, however that ends. Thread-safe.
 */
final class GpuClaims {
    private static final Logger LOG = LoggerFactory.getLogger(GpuClaims.class);

    private final Path folder;
    private final Map<String, FileChannel> held = new HashMap<>(); // a lock is given up when its channel is closed

    /** @param folder on this machine's own disk, the same for all processes of this user */
    GpuClaims(Path folder) {
        this.folder = folder;
    }

    /** Not java.io.tmpdir, which YARN sets for each container. */
    static Path folderOfThisMachine() {
        return Path.of("/tmp", "sparkvlm-gpus-" + System.getProperty("user.name"));
    }

    /**
     * Claims the GPU for this process.
     *
     * @param name as {@link VisibleGpus#name} gives it
     * @return false when another process has claimed it
     */
    synchronized boolean claim(String name) {
        if (held.containsKey(name)) {
            return true;
        }
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(name.replaceAll("[^\\w.-]", "_") + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                return false;
            }
            held.put(name, channel);
        } catch (IOException e) {
            LOG.warn("GPU {} could not be claimed; another engine may take it too.", name, e);
        }
        return true;
    }

    /**
     * Claims the first of these GPUs that no other process has claimed, so many or none.
     *
     * @return those that there were; they are claimed if they are as many as wanted
     */
    synchronized List<String> claim(List<String> names, int count) {
        List<String> found = new ArrayList<>();
        List<String> claimedNow = new ArrayList<>();
        for (String name : names) {
            if (found.size() == count) {
                break;
            }
            boolean wasHeld = held.containsKey(name);
            if (claim(name)) {
                found.add(name);
                if (!wasHeld) {
                    claimedNow.add(name);
                }
            }
        }
        if (found.size() < count) {
            claimedNow.forEach(this::giveBack);
        }
        return found;
    }

    private void giveBack(String name) {
        try (FileChannel lock = held.remove(name)) {
            LOG.debug("GPU {} is free again", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this process has the lock now, perhaps through a class loader beside this one. */
    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
