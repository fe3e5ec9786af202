package io.sparkvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the files of a checkpoint folder.
 *
 * <p>A folder is downloaded, so what it says is not trusted with the rest of the disk: its index may name plain files
 * only, and a link may lead nowhere but into the folder itself or, as in the Hugging Face cache, where {@code
 * snapshots/REVISION/} holds links to {@code blobs/}, into the blobs of the same repository.
 */
public final class CheckpointFolder {
    private final Path folder;
    private final Path realFolder;

    public CheckpointFolder(Path folder) throws IOException {
        this.folder = folder;
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "expected a checkpoint folder, found none");
        }
        this.realFolder = folder.toRealPath();
    }

    public Path path() {
        return folder;
    }

    /** A file of the folder, checked to lie in it. */
    public Path file(String name) throws IOException {
        Path file = plain(name);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "expected a file, found none");
        }
        Path real = file.toRealPath();
        if (!real.startsWith(realFolder) && !real.startsWith(blobs())) {
            throw new CheckpointException(
                    file,
                    "expected a file inside its folder or a link into the blobs of its Hugging Face cache,"
                            + " found a link that leads elsewhere");
        }
        return file;
    }

    public boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    private Path plain(String name) throws CheckpointException {
        boolean plain = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(character -> character == '/' || character == '\\' || character == 0);
        if (!plain) {
            throw new CheckpointException(
                    folder, "expected plain names of files in the folder, found \"" + name + "\"");
        }
        return folder.resolve(name);
    }

    /** The only place outside the folder that links may lead to; the folder itself outside a Hugging Face cache. */
    private Path blobs() {
        Path parent = realFolder.getParent();
        boolean cached = parent != null && parent.endsWith("snapshots") && parent.getParent() != null;
        return cached ? parent.resolveSibling("blobs") : realFolder;
    }
}
