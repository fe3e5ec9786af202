package io.sparkvlm.job.demo;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Copies the model, the pictures and the requests out of the jar.
 *
 * @param requests where requests.jsonl lies, beside the others: in a jar, or in a folder of classes
 */
record DemoFiles(URL requests) {
    /** What lies there; classes may lie beside it. */
    static final List<String> NAMES =
            List.of("model", "media", "requests.jsonl", "answers.jsonl", "pictures.parquet", "formats.jsonl");

    static DemoFiles embedded() {
        return new DemoFiles(Objects.requireNonNull(DemoFiles.class.getResource("requests.jsonl")));
    }

    /** Writes all files into a folder, over those of their names. */
    void unpack(Path folder) throws IOException {
        try {
            if (requests.openConnection() instanceof JarURLConnection entry) {
                Path file = Path.of(entry.getJarFileURL().toURI());
                try (FileSystem jar = FileSystems.newFileSystem(file)) {
                    copy(jar.getPath(entry.getEntryName()).getParent(), folder);
                }
            } else {
                copy(Path.of(requests.toURI()).getParent(), folder);
            }
        } catch (URISyntaxException e) {
            throw new IOException("expected the demo's files in a jar or a folder, found them at " + requests, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (String name : NAMES) {
            try (Stream<Path> found = Files.walk(from.resolve(name))) {
                for (Path source : (Iterable<Path>) found::iterator) {
                    Path target = to.resolve(from.relativize(source).toString());
                    if (Files.isDirectory(source)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }
}
