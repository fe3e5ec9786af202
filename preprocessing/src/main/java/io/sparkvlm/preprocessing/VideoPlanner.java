package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.Portion;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.prepared.MediaPlan;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.request.MediaPart.VideoFile;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import io.sparkvlm.preprocessing.video.sample.FrameSampler;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Fetches a video file and chooses the frames of it that the model sees, from its packets. Decodes none of them. */
final class VideoPlanner {
    private final MediaFetcher fetcher;
    private final VideoLimits limits;
    private final VideoInspector inspector;
    private final MediaDecoder decoder;
    private final PatchGeometry geometry;

    VideoPlanner(MediaFetcher fetcher, VideoLimits limits, MediaDecoder decoder, PatchGeometry geometry) {
        this.fetcher = fetcher;
        this.limits = limits;
        this.inspector = new VideoInspector(limits);
        this.decoder = decoder;
        this.geometry = geometry;
    }

    /** How much is read of the file: its frames are counted in its packets. */
    Map<MediaReference, Portion> portions(VideoFile part) {
        return Map.of(part.reference(), Portion.whole(limits.maxFileBytes()));
    }

    Outcome<PreparedMedia> plan(VideoFile part, RowColumns columns, RowBudget budget, Consumer<String> warnings) {
        MediaReference reference = part.reference();
        return fetcher.fetch(reference, columns, limits.maxFileBytes())
                .flatMap(file -> inspector.inspect(file, reference))
                .flatMap(video -> budget.takeFile(reference, video.bytes().length)
                        .flatMap(taken -> probe(video, reference))
                        .flatMap(stream -> FrameSampler.sample(noted(stream, reference, warnings), part.frames())
                                .flatMap(frames -> budget.take(planned(part, video, stream, frames)))));
    }

    private Outcome<VideoStream> probe(EncodedVideo video, MediaReference reference) {
        return decoder.decode(new ProbeTask(video, limits), reference, picture -> {
            throw new IllegalStateException("expected no picture of a file whose frames are counted");
        });
    }

    private static VideoStream noted(VideoStream stream, MediaReference reference, Consumer<String> warnings) {
        if (stream.candidates() > 1) {
            warnings.accept(reference.param() + ": the file has " + stream.candidates()
                    + " video tracks; the model sees the one of " + stream.width() + " x " + stream.height()
                    + " pixels, which FFmpeg takes for the best");
        }
        return stream;
    }

    private PreparedMedia planned(VideoFile part, EncodedVideo video, VideoStream stream, List<Integer> frames) {
        ResizedSize size =
                SmartResize.fit(stream.width(), stream.height(), part.budget().of(frames.size()), geometry);
        MediaReference reference = part.reference();
        MediaPlan plan = new MediaPlan(
                reference.kind(),
                video.ref(),
                Sha256.hex(video.bytes()),
                stream.width(),
                stream.height(),
                size,
                VisionEncoder.gridOf(geometry, size, frames.size()),
                frames);
        return new PreparedMedia.CheckedVideo(plan, video, reference.param());
    }
}
