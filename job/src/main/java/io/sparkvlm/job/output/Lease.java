package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a file system that has none: a file that its owner writes again every few seconds. An owner that has not for a
 * minute is taken for dead, and finds out when it is not.
 *
 * <p>The file's name says who its owner is, because the file is empty where the owner died as it wrote it.
 *
 * <p>Each owner writes a file of its own before it looks for others, so that of two that come at once at least one sees the
 * other: no file system has to decide who was first, and each is asked for its own clock's times only. Both may be refused.
 */
final class Lease implements OutputLock {
    static final Duration RENEWAL = Duration.ofSeconds(10);
    static final Duration EXPIRY = Duration.ofSeconds(60);

    /** A rename that was begun may end so much later. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final String PREFIX = "lease-";

    private final FileSystem system;
    private final Path file;
    private final Writer writer = Writer.thisProcess();
    private final Timer renewal = new Timer("sparkvlm-lease", true);
    private volatile long renewedNanos;

    private Lease(FileSystem system, Path folder) {
        this.system = system;
        this.file = new Path(folder, name(writer));
    }

    static String name(Writer owner) {
        byte[] line = owner.line().getBytes(StandardCharsets.UTF_8);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(line) + "." + UUID.randomUUID();
    }

    private static Writer owner(String name) {
        String line = StringUtils.substringBetween(name, PREFIX, ".");
        return Writer.parse(new String(Base64.getUrlDecoder().decode(line), StandardCharsets.UTF_8));
    }

    static Lease of(FileSystem system, Path folder, String output) throws JobRefusedException, IOException {
        Lease lease = new Lease(system, folder);
        lease.renew();
        try {
            lease.requireNoOther(folder, output);
        } catch (JobRefusedException | IOException e) {
            lease.close();
            throw e;
        }
        long period = RENEWAL.toMillis();
        lease.renewal.schedule(lease.renewing(), period, period);
        return lease;
    }

    private void requireNoOther(Path folder, String output) throws JobRefusedException, IOException {
        long now = system.getFileStatus(file).getModificationTime();
        for (FileStatus other : system.listStatus(folder, path -> path.getName().startsWith(PREFIX))) {
            if (!other.getPath().getName().equals(file.getName())) {
                Duration left = EXPIRY.minusMillis(now - other.getModificationTime());
                Writer owner = owner(other.getPath().getName());
                if (!left.isNegative() && !owner.isKnownDead()) {
                    throw owner.refusal(
                            output,
                            "wait for it, or choose another output; if it has died, its lease ends in "
                                    + left.toSeconds() + " s");
                }
                system.delete(other.getPath(), false);
            }
        }
    }

    private void renew() throws IOException {
        long begun = System.nanoTime();
        system.create(file, true).close();
        renewedNanos = begun;
    }

    private TimerTask renewing() {
        return new TimerTask() {
            @Override
            public void run() {
                try {
                    renewOrLose();
                } catch (IOException e) {
                    LOG.warn("the lease {} was not renewed: {}", file, e.toString());
                }
            }
        };
    }

    /** Renews the lease unless another job has taken it. */
    void renewOrLose() throws IOException {
        requireHeld();
        if (system.exists(file)) {
            renew();
        } else {
            renewal.cancel();
            renewedNanos = System.nanoTime() - EXPIRY.toNanos();
        }
    }

    @Override
    public void requireHeld() throws IOException {
        Duration age = Duration.ofNanos(System.nanoTime() - renewedNanos);
        if (age.compareTo(EXPIRY.minus(MARGIN)) > 0) {
            throw new IOException("this job's hold on its output was not renewed for " + age.toSeconds()
                    + " s, and another job may have taken it");
        }
    }

    @Override
    public void close() throws IOException {
        renewal.cancel();
        system.delete(file, false);
    }
}
