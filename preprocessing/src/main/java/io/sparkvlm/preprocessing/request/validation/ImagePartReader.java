package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Optional;

/**
 * Reads where an image is, and how large it may be made.
 *
 * <p>{@code detail} is honoured as far as this model has such a thing: {@code low} lowers the default of the most
 * pixels to OpenAI's 512 x 512, {@code high} and {@code auto} leave it; a bound that the part sets itself wins.
 */
final class ImagePartReader {
    private static final long LOW_DETAIL_PIXELS = 512 * 512;
    /** qwen_vl_utils, fetch_image: sizes that replace the resize rule. */
    private static final List<String> REFUSED = List.of("resized_height", "resized_width");

    private final PixelBounds defaults;

    ImagePartReader(PixelBounds defaults) {
        this.defaults = defaults;
    }

    /** @param urlField the field that says where the image is */
    MediaPart read(Fields image, String urlField) throws InvalidRequestException {
        List<MediaReference> reference = List.of(PartReader.reference(image.required(urlField), MediaKind.IMAGE));
        image.refuse(REFUSED, "is not supported: use min_pixels and max_pixels");
        long defaultMax = defaultMaxPixels(image);
        PixelBounds bounds = PixelFields.read(image).over(defaults.minPixels(), defaultMax);
        return new MediaPart.Pictures(MediaKind.IMAGE, reference, bounds);
    }

    private long defaultMaxPixels(Fields image) throws InvalidRequestException {
        Optional<String> detail = image.string("detail");
        return switch (detail.orElse("auto")) {
            case "low" -> Math.min(defaults.maxPixels(), LOW_DETAIL_PIXELS);
            case "high", "auto" -> defaults.maxPixels();
            default ->
                throw FieldChecks.invalid(
                        image.pathOf("detail"),
                        "got " + FieldChecks.quoted(detail.orElseThrow())
                                + ". Supported values are: 'low', 'high', and 'auto'.");
        };
    }
}
