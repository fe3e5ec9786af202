package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.Portion;
import io.sparkvlm.preprocessing.fetch.ReadAhead;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.prepared.MediaPlan;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.CheckedImage;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.MediaPart.Pictures;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Fetches a row's media and plans, from their headers alone, what they will be to the model. Decodes nothing. */
final class MediaPlanner {
    private final MediaFetcher fetcher;
    private final ImageInspector inspector;
    private final MediaLimits limits;
    private final ContextLength context;
    private final PatchGeometry geometry;
    private final VideoPlanner videos;
    private final Portion ofImage;

    MediaPlanner(
            MediaFetcher fetcher,
            MediaLimits limits,
            VideoLimits videoLimits,
            MediaDecoder decoder,
            ContextLength context,
            PatchGeometry geometry) {
        this.fetcher = fetcher;
        this.inspector = new ImageInspector(limits);
        this.limits = limits;
        this.context = context;
        this.geometry = geometry;
        this.videos = new VideoPlanner(fetcher, videoLimits, decoder, geometry);
        this.ofImage = Portion.whole(limits.maxFileBytes());
    }

    private MediaPlanner(MediaPlanner other, Portion ofImage) {
        this.fetcher = other.fetcher;
        this.inspector = other.inspector;
        this.limits = other.limits;
        this.context = other.context;
        this.geometry = other.geometry;
        this.videos = other.videos;
        this.ofImage = ofImage;
    }

    /** One that reads of a picture on another machine no more than its header; what it plans is not decoded. */
    MediaPlanner readingHeaders() {
        return new MediaPlanner(this, new Portion(limits.maxFileBytes(), ImageInspector::isToldBy));
    }

    /** Begins to fetch the files that lie on other machines. */
    ReadAhead readAhead(List<MediaPart> parts, RowColumns columns) {
        Map<MediaReference, Portion> portions = new LinkedHashMap<>();
        for (MediaPart part : parts) {
            portions.putAll(part.fold(this::portions, videos::portions));
        }
        return fetcher.readAhead(List.copyOf(portions.keySet()), columns, portions::get);
    }

    private Map<MediaReference, Portion> portions(Pictures part) {
        Map<MediaReference, Portion> portions = new LinkedHashMap<>();
        part.references().forEach(reference -> portions.put(reference, ofImage));
        return portions;
    }

    /**
     * Plans all media, or rejects them because of the first that cannot be had or is too much beside those before it.
     *
     * @param bareTokens of the prompt with one for each medium
     * @param warnings takes what the row's author should know of media that are accepted
     */
    Outcome<List<PreparedMedia>> plan(
            List<MediaPart> parts, RowColumns columns, long bareTokens, Consumer<String> warnings) {
        RowBudget budget = new RowBudget(limits, context, geometry, bareTokens);
        return Outcomes.all(
                parts,
                part -> part.fold(
                        pictures -> fetch(pictures, columns, budget).map(images -> planned(pictures, images)),
                        file -> videos.plan(file, columns, budget, warnings)));
    }

    private Outcome<List<EncodedImage>> fetch(Pictures part, RowColumns columns, RowBudget budget) {
        List<EncodedImage> before = new ArrayList<>();
        return Outcomes.all(part.references(), reference -> fetcher.fetch(reference, columns, ofImage)
                .flatMap(file -> inspector.inspect(file, reference))
                .flatMap(image -> ofOneSize(before, image, reference))
                .flatMap(image -> budget.take(part, before.size(), image))
                .map(image -> {
                    before.add(image);
                    return image;
                }));
    }

    /** The frames of a video are one size, as a camera's are: another size is a mistake, and stretching would hide it. */
    private static Outcome<EncodedImage> ofOneSize(
            List<EncodedImage> before, EncodedImage image, MediaReference reference) {
        ImageHeader header = image.header();
        ImageHeader first = before.isEmpty() ? header : before.get(0).header();
        return first.width() == header.width() && first.height() == header.height()
                ? Outcome.ok(image)
                : Outcome.rejected(Rejection.at(
                        reference.param(),
                        RequestCode.INVALID_VALUE,
                        "expected a frame of " + first.width() + " x " + first.height()
                                + " pixels, as the video's first is, found one of " + header.width() + " x "
                                + header.height()));
    }

    private PreparedMedia planned(Pictures part, List<EncodedImage> images) {
        ImageHeader header = images.get(0).header();
        ResizedSize size = SmartResize.fit(header.width(), header.height(), part.bounds(), geometry);
        PatchGrid grid = VisionEncoder.gridOf(geometry, size, images.size());
        List<CheckedImage> checked = IntStream.range(0, images.size())
                .mapToObj(i ->
                        new CheckedImage(images.get(i), part.references().get(i).param()))
                .toList();
        boolean video = part.kind() == MediaKind.VIDEO;
        MediaPlan plan = new MediaPlan(
                part.kind(),
                video
                        ? OpenAiJson.write(
                                images.stream().map(EncodedImage::ref).toList())
                        : images.get(0).ref(),
                video
                        ? Sha256.hex(images.stream()
                                .map(image -> Sha256.hex(image.bytes()))
                                .toList())
                        : Sha256.hex(images.get(0).bytes()),
                header.width(),
                header.height(),
                size,
                grid,
                video ? framesSeen(images.size(), grid.t() * geometry.temporalPatchFrames()) : List.of());
        return new PreparedMedia.CheckedImages(plan, checked);
    }

    /** The numbers of all frames, the last repeated to fill the last temporal patch. */
    private static List<Integer> framesSeen(int files, int seen) {
        return IntStream.range(0, seen)
                .mapToObj(frame -> Math.min(frame, files - 1))
                .toList();
    }
}
