package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.decode.DecodeTask;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.media.Sha256;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MediaEncoderTest {
    private static final Path MEDIA = ReferenceCase.media("tied");
    private static final String PARAM = "messages[0].content[0].image_url.url";
    private static final long ENOUGH_BYTES = 1 << 20;

    private final AtomicInteger decoded = new AtomicInteger();
    private final MediaDecoder inProcess = inProcess();

    @Test
    void equalMediaAreDecodedOnceHoweverManyThreadsAsk() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        MediaEncoder encoder = encoder(ENOUGH_BYTES, () -> awaitQuietly(asked));
        PreparedMedia picture = picture("scene.png", 84, 56);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<byte[]>> patches = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                patches.add(threads.submit(
                        () -> Requests.value(encoder.encode(picture)).patches()));
            }
            asked.countDown();
            for (Future<byte[]> each : patches) {
                assertThat(each.get()).isEqualTo(patches.get(0).get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(decoded).hasValue(1);
        encoder.encode(picture("scene.png", 56, 56));
        assertThat(decoded).hasValue(2);
    }

    @Test
    void whatCannotBeDecodedIsTriedForEachRowThatNamesIt() throws IOException {
        MediaEncoder encoder = encoder(ENOUGH_BYTES, () -> {});
        PreparedMedia picture = picture("noise.png", Pictures.pngOfNoise(), 84, 56);

        assertThat(Requests.rejection(encoder.encode(picture)).param()).contains(PARAM);
        encoder.encode(picture);

        assertThat(decoded).hasValue(2);
    }

    @Test
    void whatWasAskedForLongestAgoMakesRoom() throws IOException {
        long picture = 2 * 3 * 84 * 56;
        MediaEncoder encoder = encoder(5 * picture, () -> {});
        for (String name : List.of("scene.png", "alpha.png", "gray.png", "scene.png", "tall.jpg", "photo.webp")) {
            encoder.encode(picture(name, 84, 56));
        }
        assertThat(decoded).hasValue(5);
        encoder.encode(picture("wide.jpg", 84, 56)); // drives out alpha.png
        encoder.encode(picture("scene.png", 84, 56));
        assertThat(decoded).hasValue(6);
        encoder.encode(picture("alpha.png", 84, 56));
        assertThat(decoded).hasValue(7);
    }

    @Test
    void whatIsLargeBesideTheCacheIsNotKept() throws IOException {
        MediaEncoder encoder = encoder(2 * 3 * 84 * 56, () -> {});
        byte[] first =
                Requests.value(encoder.encode(picture("scene.png", 84, 56))).patches();
        assertThat(Requests.value(encoder.encode(picture("scene.png", 84, 56))).patches())
                .isEqualTo(first);
        assertThat(decoded).hasValue(2);
    }

    @Test
    void theContentHashTellsFilesAndSizesApart() throws IOException {
        PreparedMedia scene = picture("scene.png", 84, 56);

        assertThat(picture("scene.png", 84, 56).contentHash()).isEqualTo(scene.contentHash());
        assertThat(scene.as(MediaForm.FRAMES, scene.files()).contentHash()).isEqualTo(scene.contentHash());
        assertThat(List.of(
                        scene.contentHash(),
                        picture("scene.png", 56, 84).contentHash(),
                        picture("alpha.png", 84, 56).contentHash()))
                .doesNotHaveDuplicates();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MediaDecoder inProcess() {
        try {
            return DecoderIsolation.THIS_PROCESS.open(MediaLimits.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param before what is done before a picture is decoded */
    private MediaEncoder encoder(long cacheBytes, Runnable before) {
        MediaDecoder counting = new MediaDecoder() {
            @Override
            public <R> Outcome<R> decode(DecodeTask<R> request, MediaReference reference, Consumer<RgbImage> pictures) {
                decoded.incrementAndGet();
                before.run();
                return inProcess.decode(request, reference, pictures);
            }

            @Override
            public void close() {}
        };
        return new MediaEncoder(new ImageInspector(MediaLimits.DEFAULT), VideoLimits.DEFAULT, counting, cacheBytes);
    }

    private static PreparedMedia picture(String name, int width, int height) throws IOException {
        return picture(name, Files.readAllBytes(MEDIA.resolve(name)), width, height);
    }

    private static PreparedMedia picture(String name, byte[] bytes, int width, int height) {
        return new PreparedMedia(
                MediaKind.IMAGE,
                name,
                Sha256.hex(bytes),
                width,
                height,
                width,
                height,
                VisionEncoder.gridOf(new ResizedSize(width, height), 1),
                List.of(),
                MediaForm.IMAGES,
                List.of(new PreparedFile(bytes, name, PARAM)));
    }
}
