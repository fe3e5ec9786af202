package io.sparkvlm.spark;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.media.Download;
import io.sparkvlm.preprocessing.media.Intake;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaFetcher;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RemoteFile;
import io.sparkvlm.preprocessing.media.RemoteStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of Hadoop's file systems, below the folders that a job allows. The job's credentials open them, which is why
 * nothing else may be named.
 *
 * <p>Thread-safe: all downloads share its file systems.
 */
final class HadoopStore implements RemoteStore {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopStore.class);

    private final List<HadoopLocation> roots;
    private final Configuration hadoop;
    /** Of our own: Hadoop's cache would give us one that was opened with other settings. */
    private final Map<String, FileSystem> fileSystems = new HashMap<>();

    HadoopStore(List<HadoopLocation> roots, Configuration hadoop) {
        this.roots = List.copyOf(roots);
        this.hadoop = hadoop;
    }

    @Override
    public boolean serves(String lowerCaseScheme) {
        return roots.stream().anyMatch(root -> root.scheme().equals(lowerCaseScheme));
    }

    @Override
    public Outcome<RemoteFile> find(MediaReference reference) {
        Optional<HadoopLocation> location = HadoopLocation.parse(reference.url(), hadoop);
        if (location.isEmpty()) {
            return reference.rejected(
                    MediaFault.INVALID_URL, "expected a percent-encoded URL as hdfs://namenode/path, found another");
        }
        return roots.stream()
                .filter(location.get()::isWithin)
                .findFirst()
                .map(root ->
                        Outcome.<RemoteFile>ok(new HadoopFile(location.get().in(root))))
                .orElseGet(() -> reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "expected a file below a folder of --allowed-media-roots, found "
                                + location.get().shown()));
    }

    @Override
    public synchronized void close() {
        for (FileSystem fileSystem : fileSystems.values()) {
            try {
                fileSystem.close();
            } catch (IOException e) {
                LOG.warn("a file system could not be closed", e);
            }
        }
        fileSystems.clear();
    }

    private synchronized FileSystem fileSystem(HadoopLocation location) throws IOException {
        String key = location.scheme() + "://" + location.authority();
        Optional<FileSystem> open = Optional.ofNullable(fileSystems.get(key));
        if (open.isPresent()) {
            return open.get();
        }
        FileSystem opened = FileSystem.newInstance(location.hadoopPath().toUri(), hadoop);
        fileSystems.put(key, opened);
        return opened;
    }

    /** A file below a root. */
    private final class HadoopFile implements RemoteFile {
        private final HadoopLocation location;

        HadoopFile(HadoopLocation location) {
            this.location = location;
        }

        @Override
        public String key() {
            return location.hadoopPath().toString();
        }

        @Override
        public String place() {
            return location.scheme() + "://" + location.authority();
        }

        @Override
        public String ref() {
            return MediaFetcher.shown(location.shown());
        }

        @Override
        public Download read(Intake intake) {
            try {
                FileSystem fileSystem = fileSystem(location);
                FileStatus status = fileSystem.getFileStatus(location.hadoopPath());
                if (!status.isFile()) {
                    return failed(MediaFault.FILE_NOT_FOUND, "another kind");
                }
                try (InputStream in = fileSystem.open(location.hadoopPath())) {
                    return intake.read(in, OptionalLong.of(status.getLen()));
                }
            } catch (FileNotFoundException e) {
                return failed(MediaFault.FILE_NOT_FOUND, "none");
            } catch (AccessControlException | AccessDeniedException e) {
                return failed(MediaFault.FILE_NOT_FOUND, "one that may not be read");
            } catch (IOException e) {
                LOG.info("a file of a row could not be read", e); // the row's error cannot say all of it
                return failed(MediaFault.DOWNLOAD_FAILED, "that it cannot be read");
            }
        }

        private Download failed(MediaFault fault, String found) {
            return Download.failed(fault, "expected a file at " + ref() + ", found " + found);
        }
    }
}
