package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Reads files below one folder and nothing outside it, whatever a name or a link says.
 *
 * <p>Thread-safe.
 */
final class LocalFiles {
    /** Where Linux shows its own state as regular files. */
    private static final List<Path> KERNEL_FOLDERS = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

    private final Path folder;
    private final Path realFolder;
    private final LocalFileCache cache = new LocalFileCache();

    /**
     * Opens a folder.
     *
     * @throws IOException when it does not exist
     */
    LocalFiles(Path folder) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        this.realFolder = folder.toRealPath();
    }

    /** Reads the file of this name, relative to the folder or absolute. */
    Outcome<byte[]> read(String name, MediaReference reference, int maxBytes) {
        Path named;
        try {
            named = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            return reference.rejected(MediaFault.INVALID_URL, "expected a file's name, found characters no name has");
        }
        // Before the file system is asked, so that no error tells what lies outside.
        if (!named.startsWith(folder) && !named.startsWith(realFolder)) {
            return outside(name, reference);
        }
        try {
            Path real = named.toRealPath();
            if (!real.startsWith(realFolder) || KERNEL_FOLDERS.stream().anyMatch(real::startsWith)) {
                return outside(name, reference);
            }
            return real.equals(realFolder) ? noRegularFile(name, reference) : open(real, name, reference, maxBytes);
        } catch (NoSuchFileException e) {
            return reference.rejected(
                    MediaFault.FILE_NOT_FOUND, "expected a file, found none at " + shown(name) + repeated(name));
        } catch (AccessDeniedException e) {
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "the file may not be read: " + shown(name));
        } catch (FileSystemException e) {
            // A name too long, a loop of links, a file where a folder was expected.
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "no file can be reached at " + shown(name));
        } catch (IOException e) {
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "the file could not be read: " + shown(name));
        }
    }

    /** Says so where a name begins as from the job's own folder, with the folders that this one ends with. */
    private String repeated(String name) {
        Path path = Path.of(name).normalize();
        for (int names = path.getNameCount() - 1; names > 0 && !path.isAbsolute(); names--) {
            Path start = path.subpath(0, names);
            if (folder.endsWith(start)) {
                return ": names are relative to the folder of --allowed-local-media-path, which ends in "
                        + shown(start.toString()) + " already";
            }
        }
        return "";
    }

    /**
     * Opens the folders on the way one after the other, each in the one before and none of them a link: whatever is put
     * in their place meanwhile, what is read lies below the folder.
     */
    private Outcome<byte[]> open(Path real, String name, MediaReference reference, int maxBytes) throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(realFolder)) {
            if (!(top instanceof SecureDirectoryStream<Path> folder)) {
                throw new IllegalStateException("expected folders that open files without following links");
            }
            return open(folder, realFolder.relativize(real), name, reference, maxBytes);
        }
    }

    private Outcome<byte[]> open(
            SecureDirectoryStream<Path> in, Path relative, String name, MediaReference reference, int maxBytes)
            throws IOException {
        Path first = relative.getName(0);
        if (relative.getNameCount() > 1) {
            try (SecureDirectoryStream<Path> next = in.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
                return open(next, relative.subpath(1, relative.getNameCount()), name, reference, maxBytes);
            }
        }
        // Asked before it is opened: to open a pipe is to wait for its writer.
        BasicFileAttributes attributes = in.getFileAttributeView(
                        first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!attributes.isRegularFile()) {
            return noRegularFile(name, reference);
        }
        if (attributes.size() > maxBytes) {
            return reference.tooManyBytes(maxBytes, attributes.size());
        }
        byte[] bytes = cache.read(attributes, () -> read(in, first, maxBytes));
        return bytes.length > maxBytes ? reference.tooManyBytes(maxBytes, bytes.length) : Outcome.ok(bytes);
    }

    /** One byte more than allowed, in case the file has grown: it is refused then. */
    private static byte[] read(SecureDirectoryStream<Path> in, Path name, int maxBytes) throws IOException {
        try (InputStream file = Channels.newInputStream(
                in.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
            return file.readNBytes(maxBytes + 1);
        }
    }

    private static Outcome<byte[]> noRegularFile(String name, MediaReference reference) {
        return reference.rejected(
                MediaFault.URL_NOT_ALLOWED, "expected a regular file, found another kind at " + shown(name));
    }

    private static Outcome<byte[]> outside(String name, MediaReference reference) {
        return reference.rejected(
                MediaFault.URL_NOT_ALLOWED,
                "expected a file below the folder of --allowed-local-media-path, found " + shown(name));
    }

    private static String shown(String name) {
        return MediaFetcher.shown(name);
    }
}
