package io.sparkvlm.job.show.question;

import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Draws what a request points at. Travels to the tasks that read the requests. */
public interface Illustrator extends Serializable {
    /**
     * The first of the pictures.
     *
     * @param binaryColumns the row's BINARY columns by name
     */
    List<Picture> draw(List<MediaReference> references, Map<String, byte[]> binaryColumns);

    /** Draws nothing and fetches nothing. */
    static Illustrator none() {
        return (references, binaryColumns) -> List.of();
    }
}
