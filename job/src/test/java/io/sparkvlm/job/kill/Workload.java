package io.sparkvlm.job.kill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests for a job that is to be killed, each with a picture of its own.
 *
 * @param input a file of lines
 */
public record Workload(Path input, int rows, CountedPictures pictures) implements AutoCloseable {
    private static final String PICTURE = "preprocessing/src/test/resources/images/exif-1.jpg";

    /**
     * Writes so many requests.
     *
     * @param checkout the folder of the project
     */
    public static Workload of(int rows, Path folder, Path checkout) throws IOException {
        CountedPictures pictures = new CountedPictures(checkout.resolve(PICTURE));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            lines.append(
                            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"")
                    .append(pictures.url(i))
                    .append("\"}},{\"type\":\"text\",\"text\":\"")
                    .append(i)
                    .append("\"}]}],\"temperature\":0,\"max_tokens\":4}\n");
        }
        return new Workload(Files.writeString(folder.resolve("in.jsonl"), lines), rows, pictures);
    }

    /** The ids that rows of a file of lines have. */
    public static List<String> rowIds(Path input) throws IOException {
        List<String> ids = new ArrayList<>();
        long position = 0;
        for (String line : Files.readAllLines(input)) {
            ids.add(input.getFileName() + ":" + position);
            position += line.getBytes(StandardCharsets.UTF_8).length + 1;
        }
        return ids;
    }

    @Override
    public void close() {
        pictures.close();
    }
}
