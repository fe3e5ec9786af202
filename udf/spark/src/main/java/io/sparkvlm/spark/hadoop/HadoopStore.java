package io.sparkvlm.spark.hadoop;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.fetch.BoundedDownload;
import io.sparkvlm.preprocessing.fetch.Download;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RemoteFile;
import io.sparkvlm.preprocessing.fetch.RemoteStore;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
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
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files of Hadoop's file systems below the folders that a job allows. They are opened with the job's
 * credentials, so nothing outside these folders may be named.
 *
 * <p>Thread-safe: all downloads share its file systems.
 */
final class HadoopStore implements RemoteStore {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopStore.class);

    private final Configuration hadoop;
    private final List<Root> roots;

    HadoopStore(List<HadoopLocation> roots, Configuration hadoop) {
        Map<String, OpenFiles> stores = new HashMap<>();
        this.hadoop = hadoop;
        this.roots = roots.stream()
                .map(root -> new Root(root, stores.computeIfAbsent(place(root), place -> new OpenFiles(root))))
                .toList();
    }

    private static String place(HadoopLocation location) {
        return location.scheme() + "://" + location.authority();
    }

    @Override
    public boolean serves(String lowerCaseScheme) {
        return roots.stream().anyMatch(root -> root.folder().scheme().equals(lowerCaseScheme));
    }

    @Override
    public Outcome<RemoteFile> find(MediaReference reference) {
        Optional<HadoopLocation> location = HadoopLocation.parse(reference.url(), hadoop);
        if (location.isEmpty()) {
            return reference.rejected(
                    MediaFault.INVALID_URL, "expected a percent-encoded URL as hdfs://namenode/path, found another");
        }
        return roots.stream()
                .filter(root -> location.get().isWithin(root.folder()))
                .findFirst()
                .map(root -> Outcome.<RemoteFile>ok(new HadoopFile(root, location.get())))
                .orElseGet(() -> reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "expected a file below a folder of --allowed-media-roots, found "
                                + location.get().shown()));
    }

    @Override
    public void close() {
        roots.forEach(root -> root.files().close());
    }

    /** A folder that is open, and the file system it lies in, which others may lie in too. */
    private record Root(HadoopLocation folder, OpenFiles files) {}

    /**
     * Opens a file system with its first file, and keeps it open. It is one of our own: Hadoop's cache would give us one
     * that was opened with other settings. To open it may take long, which keeps no other one waiting.
     */
    private final class OpenFiles {
        private final HadoopLocation root;
        private Optional<FileSystem> open = Optional.empty();

        OpenFiles(HadoopLocation root) {
            this.root = root;
        }

        synchronized FileSystem fileSystem() throws IOException {
            if (open.isEmpty()) {
                open = Optional.of(FileSystem.newInstance(root.hadoopPath().toUri(), hadoop));
            }
            return open.get();
        }

        synchronized void close() {
            try {
                if (open.isPresent()) {
                    open.get().close();
                }
            } catch (IOException e) {
                LOG.warn("a file system could not be closed", e);
            }
            open = Optional.empty();
        }
    }

    /** A file below a root. */
    private static final class HadoopFile implements RemoteFile {
        private final Root root;
        private final HadoopLocation location;

        HadoopFile(Root root, HadoopLocation location) {
            this.root = root;
            this.location = location.in(root.folder());
        }

        @Override
        public String key() {
            return location.hadoopPath().toString();
        }

        @Override
        public String host() {
            return HadoopStore.place(location);
        }

        @Override
        public String ref() {
            return MediaFetcher.shown(location.shown());
        }

        @Override
        public Download read(BoundedDownload bounded) {
            try {
                FileSystem fileSystem = root.files().fileSystem();
                FileStatus status = fileSystem.getFileStatus(location.hadoopPath());
                if (!root.folder().holds(status.getPath(), fileSystem.getUri())) {
                    return failed(MediaFault.URL_NOT_ALLOWED, "a link out of the folder of --allowed-media-roots");
                }
                if (!status.isFile()) {
                    return failed(MediaFault.FILE_NOT_FOUND, "another kind");
                }
                // The place that the link led to when it was judged, whatever it leads to by now.
                try (InputStream in = fileSystem.open(status.getPath())) {
                    return bounded.read(in, OptionalLong.of(status.getLen()));
                }
            } catch (FileNotFoundException | ParentNotDirectoryException e) {
                return failed(MediaFault.FILE_NOT_FOUND, "none");
            } catch (IllegalArgumentException e) { // as HDFS has it of a colon
                return failed(MediaFault.INVALID_URL, "a name that no file has there");
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
