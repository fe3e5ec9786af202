package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

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
        // Before the file system is asked, so that nobody learns what lies outside.
        if (!named.startsWith(folder) && !named.startsWith(realFolder)) {
            return outside(name, reference);
        }
        try {
            Path real = named.toRealPath();
            if (!real.startsWith(realFolder) || KERNEL_FOLDERS.stream().anyMatch(real::startsWith)) {
                return outside(name, reference);
            }
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                return reference.rejected(
                        MediaFault.URL_NOT_ALLOWED, "expected a regular file, found another kind at " + shown(name));
            }
            return readRegular(real, reference, maxBytes);
        } catch (NoSuchFileException e) {
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "expected a file, found none at " + shown(name));
        } catch (AccessDeniedException e) {
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "the file may not be read: " + shown(name));
        } catch (FileSystemException e) {
            // A name too long, a loop of links, a file where a folder was expected.
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "no file can be reached at " + shown(name));
        } catch (IOException e) {
            return reference.rejected(MediaFault.FILE_NOT_FOUND, "the file could not be read: " + shown(name));
        }
    }

    private Outcome<byte[]> readRegular(Path file, MediaReference reference, int maxBytes) throws IOException {
        long size = Files.size(file);
        if (size > maxBytes) {
            return reference.tooManyBytes(maxBytes, size);
        }
        // One byte more than allowed, in case the file has grown: it is refused then.
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            return bytes.length > maxBytes ? reference.tooManyBytes(maxBytes, bytes.length) : Outcome.ok(bytes);
        }
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
