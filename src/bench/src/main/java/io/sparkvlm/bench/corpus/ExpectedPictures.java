package io.sparkvlm.bench.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What Pillow or PyAV makes of each file, written by picture_digests.py and frame_digests.py. */
final class ExpectedPictures {
    static final ExpectedPictures NONE = new ExpectedPictures(Map.of());

    private final Map<String, String> byPath;

    private ExpectedPictures(Map<String, String> byPath) {
        this.byPath = byPath;
    }

    static ExpectedPictures read(Path file) throws IOException {
        Map<String, String> byPath = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            byPath.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return new ExpectedPictures(byPath);
    }

    Optional<DecodedPictures> of(Path file) {
        return Optional.ofNullable(byPath.get(file.toString())).map(DecodedPictures::parse);
    }
}
