package io.sparkvlm.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
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
    private final Map<String, FileLock> held = new HashMap<>();

    /** @param folder that all processes of this user see */
    GpuClaims(Path folder) {
        this.folder = folder;
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
            // Open until the process ends: closing it would give the claim up.
            FileChannel channel = FileChannel.open(
                    folder.resolve("gpu-" + name.replaceAll("[^\\w-]", "_") + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            held.put(name, lock);
            return true;
        } catch (IOException e) {
            LOG.warn("GPU {} could not be claimed; another engine may take it too.", name, e);
            return true;
        }
    }
}
