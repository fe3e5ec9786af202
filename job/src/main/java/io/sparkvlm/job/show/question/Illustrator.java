package io.sparkvlm.job.show.question;

import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.Serializable;
import java.util.List;

/** Draws what a request points at. Travels to the tasks that read the requests. */
public interface Illustrator extends Serializable {
    /**
     * The first of the pictures.
     *
     * @param columns of the row
     */
    List<Picture> draw(List<MediaReference> references, RowColumns columns);

    /** Draws nothing and fetches nothing. */
    static Illustrator none() {
        return (references, columns) -> List.of();
    }
}
