package io.sparkvlm.spark;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file system of another machine, as it looks to Hadoop: the scheme {@code stub}, whose files lie below the folder that
 * the setting {@code stub.folder} names. One whose name has {@code slow} in it takes minutes to open.
 */
public final class StubFileSystem extends RawLocalFileSystem {
    /** All that were asked for in this JVM. */
    static final List<String> ASKED = new CopyOnWriteArrayList<>();

    private URI uri;
    private Path folder;

    @Override
    public void initialize(URI name, Configuration settings) throws IOException {
        super.initialize(URI.create("file:///"), settings);
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        folder = new Path(settings.get("stub.folder"));
    }

    @Override
    public String getScheme() {
        return "stub";
    }

    @Override
    public URI getUri() {
        // Asked by the superclass's constructor already.
        return Optional.ofNullable(uri).orElse(URI.create("stub:///"));
    }

    @Override
    protected void checkPath(Path path) {}

    /** The superclass hands back what it got from here. */
    private Path below(Path path) {
        if (!getScheme().equals(path.toUri().getScheme())) {
            return path;
        }
        ASKED.add(path.toString());
        return new Path(folder, path.toUri().getPath().substring(1));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        FileStatus status = super.getFileStatus(below(path));
        if (getScheme().equals(path.toUri().getScheme())) {
            status.setPath(path);
        }
        return status;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.getName().contains("slow")) {
            try {
                Thread.sleep(TimeUnit.MINUTES.toMillis(5)); // until it is interrupted
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return super.open(below(path), bufferSize);
    }
}
