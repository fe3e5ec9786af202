package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Takes rows with a video file through the facade. */
class VideoRowsTest {
    private static final Path VIDEOS = Path.of("src/test/resources/videos");

    private static Preprocessor preprocessor;

    @BeforeAll
    static void open() throws IOException {
        preprocessor = Preprocessor.open(ReferenceCase.checkpoint("tied"), Configs.reading(VIDEOS));
    }

    @AfterAll
    static void close() {
        preprocessor.close();
    }

    @Test
    void aVideoComesFromAFileADataUrlAColumnOrBareBase64() throws IOException {
        for (String name : List.of("h264.mp4", "vp9.webm", "mpeg4.avi")) {
            byte[] bytes = Pictures.read("videos/" + name);
            String base64 = Base64.getEncoder().encodeToString(bytes);
            for (String url : List.of(name, "data:video/mp4;base64," + base64, "column:video", base64)) {
                PreparedRow row = prepare(video(url, ",\"nframes\":6"), bytes);
                PreparedMedia media = Requests.value(row.outcome()).media().get(0);

                assertThat(media.kind()).isEqualTo(MediaKind.VIDEO);
                assertThat(media.form()).isEqualTo(MediaForm.VIDEO_FILE);
                assertThat(media.width()).isEqualTo(64);
                assertThat(media.height()).isEqualTo(48);
                assertThat(media.frames()).hasSize(6).startsWith(0);
                assertThat(media.files()).hasSize(1);
                assertThat(media.grid().t()).isEqualTo(3);
                assertThat(media.sha256()).isEqualTo(Pictures.sha256(bytes));
                assertThat(media.ref()).hasSizeLessThan(40);
                assertThat(Requests.value(preprocessor.encode(row)).visionTokens())
                        .isEqualTo(media.grid().tokens());
            }
        }
    }

    @Test
    void aTurnedVideoIsPlannedAndDecodedUpright() {
        PreparedRow row = prepare(video("turned-90.mp4", ""), new byte[0]);
        PreparedMedia media = Requests.value(row.outcome()).media().get(0);

        assertThat(media.width()).isEqualTo(42);
        assertThat(media.height()).isEqualTo(66);
        assertThat(Requests.value(preprocessor.encode(row)).visionTokens())
                .isEqualTo(media.grid().tokens());
    }

    @Test
    void aFilmIsSeenAndNotTheStillBeforeItAndTheRowSaysSo() {
        PreparedRow row = prepare(video("tracks/still-first.mp4", ""), new byte[0]);
        PreparedMedia media = Requests.value(row.outcome()).media().get(0);

        assertThat(media.frames()).containsExactly(0, 6, 13, 19);
        assertThat(media.width()).isEqualTo(64);
        assertThat(row.warnings())
                .containsExactly(
                        "messages[0].content[0].video_url.url: the file has 2 video tracks; the model sees the one"
                                + " of 64 x 48 pixels, which FFmpeg takes for the best");
        assertThat(prepare(video("tracks/film-with-a-cover.mp4", ""), new byte[0])
                        .warnings())
                .isEmpty();
    }

    @Test
    void oneFrameIsSeenTwice() {
        PreparedRow row = prepare(video("h264-one-frame.mp4", ",\"max_pixels\":3136"), new byte[0]);
        PreparedMedia media = Requests.value(row.outcome()).media().get(0);

        assertThat(media.frames()).containsExactly(0, 0);
        assertThat(media.grid()).isEqualTo(new PatchGrid(1, 4, 4, PatchGeometry.QWEN2_VL));
        assertThat(Requests.value(preprocessor.encode(row)).visionTokens()).isEqualTo(4);
    }

    @Test
    void framesInOneDataUrlAreSeenAsAListOfFrames() throws IOException {
        String frame = Base64.getEncoder().encodeToString(Pictures.read("images/444-64.jpg"));
        PreparedRow row =
                prepare(video("data:video/jpeg;base64," + frame + "," + frame + "," + frame, ""), new byte[0]);
        PreparedMedia media = Requests.value(row.outcome()).media().get(0);

        assertThat(media.form()).isEqualTo(MediaForm.IMAGES);
        assertThat(media.frames()).containsExactly(0, 1, 2, 2);
        assertThat(Requests.value(preprocessor.encode(row)).visionTokens())
                .isEqualTo(media.grid().tokens());
    }

    @Test
    void whatIsNoVideoOrHasNoSuchFramesIsRefusedWhereItStands() throws IOException {
        byte[] cut = Arrays.copyOf(Pictures.read("videos/h264.mp4"), 700);
        byte[] playlist = "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".getBytes(StandardCharsets.UTF_8);

        assertRejected(video("nowhere.mp4", ""), cut, MediaCode.VIDEO_FILE_NOT_FOUND, ".url");
        assertRejected(video("../images/rgb.png", ""), cut, MediaCode.URL_NOT_ALLOWED, ".url");
        assertRejected(video("expected.tsv", ""), cut, MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE, ".url");
        assertRejected(video("column:video", ""), playlist, MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE, ".url");
        assertRejected(video("column:video", ""), cut, MediaCode.VIDEO_PARSE_ERROR, ".url");
        assertRejected(video("column:video", ""), new byte[0], MediaCode.EMPTY_VIDEO_FILE, ".url");
        assertRejected(video("data:video/mp4;base64,*", ""), cut, MediaCode.INVALID_BASE64_VIDEO, ".url");
        assertRejected(video("h264.mp4", ",\"nframes\":14"), cut, RequestCode.INVALID_VALUE, ".nframes");
        assertRejected(video("h264.mp4", ",\"video_start\":9"), cut, RequestCode.INVALID_VALUE, ".video_start");
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedBeforeAFrameIsDecoded() throws IOException {
        byte[] damaged = Pictures.read("videos/mjpeg.avi");
        // The frames' own bytes, which the structure says nothing of.
        int frame = new String(damaged, StandardCharsets.ISO_8859_1).lastIndexOf("00dc");
        while (frame > 0 && damaged[frame + 8] != (byte) 0xFF) {
            frame = new String(damaged, 0, frame, StandardCharsets.ISO_8859_1).lastIndexOf("00dc");
        }
        Arrays.fill(damaged, frame + 8, frame + 600, (byte) 0);
        PreparedRow row = prepare(video("column:video", ""), damaged);
        int tokens = Requests.value(row.outcome()).promptTokens();

        assertThat(Requests.rejection(preprocessor.encode(row)).code()).isEqualTo(MediaCode.VIDEO_PARSE_ERROR);
        try (Preprocessor tight = Preprocessor.open(
                ReferenceCase.checkpoint("tied"),
                Configs.of(VIDEOS, new ContextLimit(tokens), DefaultsSource.OPENAI))) {
            assertThat(Requests.rejection(tight.prepare(row(video("column:video", ""), damaged))
                                    .outcome())
                            .code())
                    .isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
        }
    }

    private static void assertRejected(String parts, byte[] column, ErrorCode code, String field) {
        Rejection rejection = Requests.rejection(prepare(parts, column).outcome());

        assertThat(rejection.code()).as(rejection.message()).isEqualTo(code);
        assertThat(rejection.param()).contains("messages[0].content[0].video_url" + field);
        assertThat(rejection.message()).doesNotContain("passwd", "Exception");
    }

    private static PreparedRow prepare(String parts, byte[] column) {
        return preprocessor.prepare(row(parts, column));
    }

    private static RequestRow row(String parts, byte[] column) {
        return new RequestRow(
                "row-1", Optional.empty(), Requests.bodyOfParts(parts), new BinaryColumns(Map.of("video", column)));
    }

    private static String video(String url, String fields) {
        return "{\"type\":\"video_url\",\"video_url\":{\"url\":\"" + url + "\"" + fields + "}}";
    }
}
