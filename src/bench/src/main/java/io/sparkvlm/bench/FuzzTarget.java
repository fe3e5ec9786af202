package io.sparkvlm.bench;

import io.sparkvlm.engine.safetensors.SafetensorsFuzz;
import io.sparkvlm.engine.weights.ConfigFuzz;
import io.sparkvlm.preprocessing.fetch.InlineFuzz;
import io.sparkvlm.preprocessing.fetch.http.UrlFuzz;
import io.sparkvlm.preprocessing.image.PictureFuzz;
import io.sparkvlm.preprocessing.image.png.MetadataFuzz;
import io.sparkvlm.preprocessing.request.validation.RequestFuzz;
import io.sparkvlm.preprocessing.video.container.ContainerFuzz;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** A part of the product that takes bytes from strangers, with the inputs that a fuzzer begins with. */
enum FuzzTarget {
    PNG(PictureFuzz.class),
    JPEG(PictureFuzz.class),
    GIF(PictureFuzz.class),
    WEBP(PictureFuzz.class),
    BMP(PictureFuzz.class),
    METADATA(MetadataFuzz.class),
    MP4(ContainerFuzz.class),
    MATROSKA(ContainerFuzz.class),
    AVI(ContainerFuzz.class),
    INLINE(InlineFuzz.class),
    URL(UrlFuzz.class),
    REQUEST(RequestFuzz.class),
    SAFETENSORS(SafetensorsFuzz.class),
    CONFIG(ConfigFuzz.class);

    private final Class<?> entry;

    FuzzTarget(Class<?> entry) {
        this.entry = entry;
    }

    /** The class with {@code fuzzerTestOneInput(byte[])}. */
    String entry() {
        return entry.getName();
    }

    List<byte[]> seeds() throws IOException {
        return switch (this) {
            case PNG -> PictureFuzz.seeds(".png");
            case JPEG -> PictureFuzz.seeds(".jpg");
            case GIF -> PictureFuzz.seeds(".gif");
            case WEBP -> PictureFuzz.seeds(".webp");
            case BMP -> PictureFuzz.seeds(".bmp");
            case METADATA -> MetadataFuzz.seeds();
            case MP4 -> ContainerFuzz.seeds(".mp4", ".mov");
            case MATROSKA -> ContainerFuzz.seeds(".webm", ".mkv");
            case AVI -> ContainerFuzz.seeds(".avi");
            case INLINE -> InlineFuzz.seeds();
            case URL -> UrlFuzz.seeds();
            case REQUEST -> RequestFuzz.seeds();
            case SAFETENSORS -> SafetensorsFuzz.seeds();
            case CONFIG -> ConfigFuzz.seeds();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
