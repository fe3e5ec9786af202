package io.sparkvlm.job.show;

import io.sparkvlm.job.show.question.Picture;
import io.sparkvlm.job.show.question.RowQuestion;
import io.sparkvlm.job.show.question.RowQuestion.Known;
import io.sparkvlm.job.show.question.RowQuestion.NamedMedium;
import io.sparkvlm.job.text.MediaName;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Joins what the job saw of a row's image or video with what the request names.
 *
 * @param names an image's, or those of a video's frames
 * @param size as the job saw it; empty where it saw none
 * @param pictures the first of its files as they look
 */
record ShownMedium(List<String> names, String size, List<Picture> pictures) {
    /** The media of a row in their order; a refused row has those that its request names. */
    static List<ShownMedium> of(ShownRow row, RowQuestion asked) {
        List<NamedMedium> named = asked.fold(Known::media, unknown -> List.of());
        List<SeenMedium> seen = row.media();
        if (seen.isEmpty()) {
            return named.stream()
                    .map(medium -> new ShownMedium(medium.names(), "", medium.pictures()))
                    .toList();
        }
        return IntStream.range(0, seen.size())
                .mapToObj(i -> of(seen.get(i), i < named.size() ? Optional.of(named.get(i)) : Optional.empty()))
                .toList();
    }

    private static ShownMedium of(SeenMedium seen, Optional<NamedMedium> named) {
        return new ShownMedium(
                seen.names(), seen.size(), named.map(NamedMedium::pictures).orElse(List.of()));
    }

    /** Its name, or the first and the last of its frames'. */
    String name() {
        return MediaName.of(names);
    }
}
