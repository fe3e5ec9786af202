package io.sparkvlm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What does Pillow make of a file: which upright pixels, or an error? Written by picture_digests.py. */
final class PillowPictures {
    static final PillowPictures NONE = new PillowPictures(Map.of());

    private final Map<String, String> byPath;

    private PillowPictures(Map<String, String> byPath) {
        this.byPath = byPath;
    }

    static PillowPictures read(Path file) throws IOException {
        Map<String, String> byPath = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            byPath.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return new PillowPictures(byPath);
    }

    /** Width, height and sha256 of the RGB, or {@code error} and why, with tabs between them. */
    Optional<String> of(Path file) {
        return Optional.ofNullable(byPath.get(file.toString()));
    }
}
