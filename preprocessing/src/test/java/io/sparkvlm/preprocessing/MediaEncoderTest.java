package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.MediaPlan;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    void theCacheHoldsNoMoreBytesThanItMay() throws IOException {
        int kept = 5;
        int sizes = 20;
        long largestPicture = 2L * 3 * 28 * 28 * sizes;
        MediaEncoder encoder = encoder(kept * largestPicture, () -> {});
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < sizes; i++) {
                encoder.encode(picture("scene.png", bytesOfOwn(i), 28 * sizes, 28));
            }
        }
        assertThat(decoded).hasValueBetween(2 * sizes - kept, 2 * sizes);
    }

    @Test
    void whatFitsTheCacheIsDecodedOnce() throws IOException {
        MediaEncoder encoder = encoder(8 * 2 * 3 * 84 * 56, () -> {});
        for (int round = 0; round < 2; round++) {
            for (String name : List.of("scene.png", "alpha.png", "gray.png", "tall.jpg", "photo.webp")) {
                encoder.encode(picture(name, 84, 56));
            }
        }
        assertThat(decoded).hasValue(5);
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
    void whatIsResizedInItsFormGivesTheSamePatches() throws IOException {
        PreparedMedia scene = picture("scene.png", 84, 56);
        MediaEncoder encoder = encoder(ENOUGH_BYTES, () -> {});
        byte[] patches = Requests.value(encoder.encode(scene)).patches();

        for (MediaForm form : List.of(MediaForm.FRAMES, MediaForm.PNG_FRAMES)) {
            PreparedMedia resized = Requests.value(encoder.resize(scene, form));
            assertThat(resized.form()).isEqualTo(form);
            assertThat(Requests.value(encoder.encode(resized)).patches()).isEqualTo(patches);
        }
    }

    @Test
    void theContentHashTellsFilesAndSizesApart() throws IOException {
        PreparedMedia scene = picture("scene.png", 84, 56);

        assertThat(picture("scene.png", 84, 56).contentHash()).isEqualTo(scene.contentHash());
        assertThat(new PreparedMedia.ResizedPictures(scene.plan(), MediaForm.FRAMES, scene.files()).contentHash())
                .isEqualTo(scene.contentHash());
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
        return new MediaEncoder(VideoLimits.DEFAULT, counting, cacheBytes);
    }

    /** The same picture in a file of its own: what follows a PNG's end is no part of it. */
    private static byte[] bytesOfOwn(int number) throws IOException {
        byte[] scene = Files.readAllBytes(MEDIA.resolve("scene.png"));
        byte[] longer = Arrays.copyOf(scene, scene.length + 1);
        longer[scene.length] = (byte) number;
        return longer;
    }

    private static PreparedMedia picture(String name, int width, int height) throws IOException {
        return picture(name, Files.readAllBytes(MEDIA.resolve(name)), width, height);
    }

    private static PreparedMedia picture(String name, byte[] bytes, int width, int height) {
        EncodedImage checked = Requests.value(new ImageInspector(MediaLimits.DEFAULT)
                .inspect(new FetchedFile(bytes, name), new MediaReference(name, MediaKind.IMAGE, PARAM)));
        return new PreparedMedia.CheckedImages(
                plan(name, bytes, width, height), List.of(new PreparedMedia.CheckedImage(checked, PARAM)));
    }

    private static MediaPlan plan(String name, byte[] bytes, int width, int height) {
        ResizedSize size = new ResizedSize(width, height);
        return new MediaPlan(
                MediaKind.IMAGE,
                name,
                Sha256.hex(bytes),
                width,
                height,
                size,
                VisionEncoder.gridOf(PatchGeometry.QWEN2_VL, size, 1),
                List.of());
    }
}
