package io.sparkvlm.preprocessing;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prepared.PreparedRow.Decoded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Decodes and resizes the media of a prepared row. Thread-safe. */
final class RowResizer {
    private final MediaEncoder media;

    RowResizer(MediaEncoder media) {
        this.media = media;
    }

    /** A row that was rejected stays so; one whose media cannot be decoded keeps their description. */
    PreparedRow resize(PreparedRow row, MediaForm form) {
        return row.outcome().fold(request -> resized(row, request, form), rejection -> row);
    }

    private PreparedRow resized(PreparedRow row, PreparedRequest request, MediaForm form) {
        long start = System.nanoTime();
        Outcome<List<PreparedMedia>> resized = RowFaults.caught(
                row.rowId(), () -> Outcomes.all(request.media(), medium -> media.resize(medium, form)));
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return resized.fold(
                others -> row.with(Outcome.ok(request.with(others)), new Decoded(time, Optional.empty())),
                rejection -> row.with(
                        Outcome.ok(request.with(withoutPictures(request.media(), form))),
                        new Decoded(time, Optional.of(rejection))));
    }

    private static List<PreparedMedia> withoutPictures(List<PreparedMedia> all, MediaForm form) {
        return all.stream().map(medium -> medium.withoutPictures(form)).toList();
    }
}
