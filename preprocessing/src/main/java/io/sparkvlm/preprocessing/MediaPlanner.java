package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.PreparedMedia.EncodedFile;
import io.sparkvlm.preprocessing.media.EncodedImage;
import io.sparkvlm.preprocessing.media.ImageHeader;
import io.sparkvlm.preprocessing.media.MediaFetcher;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which bytes is an image or video, and how large will it be? Known once they are fetched, from headers alone. */
final class MediaPlanner {
    private final MediaFetcher fetcher;

    MediaPlanner(MediaFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** The first that cannot be had rejects them all. */
    Outcome<List<PreparedMedia>> plan(List<MediaPart> parts, Map<String, byte[]> binaryColumns) {
        return Outcomes.all(
                parts, part -> Outcomes.all(part.references(), reference -> fetcher.fetch(reference, binaryColumns))
                        .flatMap(images -> ofOneSize(part, images))
                        .map(images -> planned(part, images)));
    }

    /** The frames of a video are one size, as a camera's are: another size is a mistake, and stretching would hide it. */
    private static Outcome<List<EncodedImage>> ofOneSize(MediaPart part, List<EncodedImage> images) {
        ImageHeader first = images.get(0).header();
        for (int i = 1; i < images.size(); i++) {
            ImageHeader header = images.get(i).header();
            if (first.width() != header.width() || first.height() != header.height()) {
                return Outcome.rejected(Rejection.at(
                        part.references().get(i).param(),
                        Code.INVALID_VALUE,
                        "expected a frame of " + first.width() + " x " + first.height()
                                + " pixels, as the video's first is, found one of " + header.width() + " x "
                                + header.height()));
            }
        }
        return Outcome.ok(images);
    }

    private static PreparedMedia planned(MediaPart part, List<EncodedImage> images) {
        ImageHeader header = images.get(0).header();
        ResizedSize size = SmartResize.fit(header.width(), header.height(), part.bounds());
        PatchGrid grid = VisionEncoder.gridOf(size, images.size());
        List<EncodedFile> files = IntStream.range(0, images.size())
                .mapToObj(i -> new EncodedFile(
                        images.get(i).bytes(),
                        images.get(i).ref(),
                        part.references().get(i).param()))
                .toList();
        boolean video = part.kind() == MediaKind.VIDEO;
        return new PreparedMedia(
                part.kind(),
                video
                        ? OpenAiJson.write(
                                images.stream().map(EncodedImage::ref).toList())
                        : images.get(0).ref(),
                video
                        ? StableHash.hex(
                                images.stream().map(EncodedImage::sha256).toList())
                        : images.get(0).sha256(),
                header.width(),
                header.height(),
                size.width(),
                size.height(),
                grid,
                video ? framesSeen(images.size()) : List.of(),
                files);
    }

    /** All of them, the last of an odd count twice. */
    private static List<Integer> framesSeen(int files) {
        return IntStream.range(0, files + files % 2)
                .mapToObj(frame -> Math.min(frame, files - 1))
                .toList();
    }
}
