package io.sparkvlm.bench.corpus;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Decodes the pictures that the preprocessing finds in a file. In this process, whose memory is printed then. */
final class CorpusDecoder {
    /** So few that what lies between them is passed over in longer files. */
    private static final int FEW_FRAMES = 3;

    private final ImageInspector images = new ImageInspector(MediaLimits.DEFAULT);
    private final VideoInspector videos = new VideoInspector(VideoLimits.DEFAULT);
    private final MediaDecoder decoder;

    CorpusDecoder() throws IOException {
        this.decoder = DecoderIsolation.THIS_PROCESS.open(MediaLimits.DEFAULT);
    }

    /** An image. */
    DecodedPictures picture(byte[] file) {
        MediaReference reference = new MediaReference("column:file", MediaKind.IMAGE, "file");
        List<String> digests = new ArrayList<>();
        return images.inspect(new FetchedFile(file, "file"), reference)
                .flatMap(image -> decoder.decode(
                        ImageTask.of(image),
                        reference,
                        picture -> digests.add(
                                picture.width() + "\t" + picture.height() + "\t" + DecodedPictures.digest(picture))))
                .fold(decoded -> DecodedPictures.parse(digests.get(0)), CorpusDecoder::refused);
    }

    /** All frames of a video file, as they are counted before they are decoded; none if a few alone are not the same. */
    DecodedPictures frames(byte[] file) {
        MediaReference reference = new MediaReference("column:file", MediaKind.VIDEO, "file");
        return videos.inspect(new FetchedFile(file, "file"), reference)
                .flatMap(video -> decoder.decode(new ProbeTask(video, VideoLimits.DEFAULT), reference, frame -> {})
                        .flatMap(stream -> frames(video, stream, reference)))
                .fold(decoded -> decoded, CorpusDecoder::refused);
    }

    private Outcome<DecodedPictures> frames(EncodedVideo video, VideoStream stream, MediaReference reference) {
        List<Integer> few = IntStream.rangeClosed(1, FEW_FRAMES)
                .mapToObj(i -> i * (stream.frames() - 1) / FEW_FRAMES)
                .toList();
        return digests(
                        video,
                        stream,
                        IntStream.range(0, stream.frames()).boxed().toList(),
                        reference)
                .flatMap(all -> digests(video, stream, few, reference)
                        .map(alone -> alone.equals(few.stream().map(all::get).toList())
                                ? new DecodedPictures(stream.width() + " x " + stream.height(), all)
                                : DecodedPictures.none("frames that are taken alone are other ones")));
    }

    private Outcome<List<String>> digests(
            EncodedVideo video, VideoStream stream, List<Integer> frames, MediaReference reference) {
        List<String> digests = new ArrayList<>();
        return decoder.decode(
                        new VideoTask(video, VideoLimits.DEFAULT, stream.width(), stream.height(), frames),
                        reference,
                        frame -> digests.add(DecodedPictures.digest(frame)))
                .map(count -> digests);
    }

    private static DecodedPictures refused(Rejection rejection) {
        return DecodedPictures.none(rejection.code().wireName() + ": " + rejection.message());
    }
}
