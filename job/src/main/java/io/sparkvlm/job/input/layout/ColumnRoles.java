package io.sparkvlm.job.input.layout;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says what columns of a table are for that has pictures and prompts instead of requests.
 *
 * @param images paths of columns that hold images, as {@code picture} or {@code sample.pictures}
 * @param videos paths of columns that hold video files
 * @param prompt what is asked of every row
 * @param system what every request tells the model beforehand
 */
public record ColumnRoles(
        List<String> images, List<String> videos, Optional<PromptTemplate> prompt, Optional<String> system) {
    static final String IMAGE_OPTION = "--image-column";
    static final String VIDEO_OPTION = "--video-column";

    /** The table has requests. */
    public static final ColumnRoles NONE = new ColumnRoles(List.of(), List.of(), Optional.empty(), Optional.empty());

    public ColumnRoles {
        images = List.copyOf(images);
        videos = List.copyOf(videos);
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(system, "system");
    }

    /** The paths of all columns that hold images or videos. */
    public List<String> media() {
        return Stream.concat(images.stream(), videos.stream()).toList();
    }

    boolean nameMedia() {
        return !images.isEmpty() || !videos.isEmpty();
    }
}
