package io.sparkvlm.job.show.question;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.show.question.RowQuestion.Known;
import io.sparkvlm.job.show.question.RowQuestion.NamedMedium;
import io.sparkvlm.job.show.question.RowQuestion.Turn;
import io.sparkvlm.job.show.question.RowQuestion.Unknown;
import io.sparkvlm.job.text.MediaName;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuestionReaderTest {
    private static final byte[] ONE_PIXEL =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=");

    @TempDir
    private Path folder;

    @Test
    void readsTheLastTurnOfTheUserAndWhatWasSaidBefore() {
        Known question = question(
                """
                {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "First?"},
                 {"role": "assistant", "content": null}, {"role": "user", "content": [{"type": "text", "text": "Second"},
                 {"type": "text", "text": "?"}]}, {"role": "assistant", "content": "I"}]}""");
        assertThat(question.text()).isEqualTo("Second\n?");
        assertThat(question.earlier())
                .containsExactly(
                        new Turn("system", "Be brief."), new Turn("user", "First?"), new Turn("assistant", ""));
    }

    @Test
    void namesMediaWithoutTheirPayloadOrTheirSecrets() {
        Known question = question(
                """
                {"messages": [{"role": "user", "content": [
                 {"type": "image_url", "image_url": {"url": "https://host/cat.jpg?token=secret"}},
                 {"type": "image_url", "image_url": "data:image/png;base64,AAAA"},
                 {"type": "image", "image": "%s"},
                 {"type": "video", "video": ["a.png", "b.png", "c.png"]}]}]}"""
                        .formatted("A".repeat(500)));
        assertThat(question.media())
                .extracting(NamedMedium::names)
                .containsExactly(
                        List.of("https://host/cat.jpg"),
                        List.of("data:image/png"),
                        List.of("base64"),
                        List.of("a.png", "b.png", "c.png"));
        assertThat(MediaName.of(question.media().get(3).names())).isEqualTo("a.png … c.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense", "{}", "[]", "7", "{\"messages\": 7}", "{\"custom_id\": \"a\"}", "{\"messages\": []}"
            })
    void saysWhyThereIsNoQuestion(String json) {
        assertThat(read(json, Illustrator.none())).isInstanceOf(Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\": [7]}",
                "{\"messages\": [{\"role\": 7, \"content\": {\"type\": 7}}]}",
                "{\"messages\": [{\"content\": [null, {\"image_url\": 7}, {\"video\": [7, null]}, {\"text\": 7}]}]}"
            })
    void readsWhatIsNoRequestAtAll(String json) {
        assertThat(read(json, Illustrator.none())).isInstanceOf(Known.class);
    }

    @Test
    void drawsWhatIsThereAndSaysWhyTheRestIsNot() throws Exception {
        Files.write(folder.resolve("dot.gif"), ONE_PIXEL);
        Files.write(folder.resolve("text.png"), "no picture".getBytes(StandardCharsets.UTF_8));
        List<NamedMedium> media = ((Known) read(
                        """
                {"messages": [{"role": "user", "content": [{"type": "image", "image": "dot.gif"},
                 {"type": "image", "image": "column:picture"}, {"type": "image", "image": "missing.png"},
                 {"type": "image", "image": "text.png"}, {"type": "image", "image": "/etc/passwd"},
                 {"type": "image", "image": "http://127.0.0.1:1/x.png"},
                 {"type": "image", "image": "hdfs://host/x.png"}]}]}""",
                        new ThumbnailIllustrator(folder.toString())))
                .media();
        assertThat(media.get(0).pictures().get(0)).isInstanceOfSatisfying(Picture.Drawn.class, drawn -> {
            assertThat(drawn.dataUrl()).startsWith("data:image/png;base64,");
            assertThat(drawn.width()).isEqualTo(1);
        });
        assertThat(media.get(1).pictures().get(0)).isInstanceOf(Picture.Drawn.class);
        assertThat(why(media.get(2))).contains("none at missing.png");
        assertThat(why(media.get(3))).contains("expected JPEG, PNG");
        assertThat(why(media.get(4))).contains("--allowed-local-media-path");
        assertThat(why(media.get(5))).startsWith("not fetched");
        assertThat(why(media.get(6))).startsWith("not fetched");
    }

    @Test
    void drawsTheFirstFramesOnly() throws Exception {
        Files.write(folder.resolve("dot.gif"), ONE_PIXEL);
        String frames = "\"dot.gif\",".repeat(767) + "\"dot.gif\"";
        Known question = (Known) read(
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"video\", \"video\": [" + frames
                        + "]}]}]}",
                new ThumbnailIllustrator(folder.toString()));
        assertThat(question.media().get(0).names()).hasSize(768);
        assertThat(question.media().get(0).pictures()).hasSize(6);
    }

    @Test
    void drawsAFilmByItsFirstFrame() throws Exception {
        Files.write(folder.resolve("film.webm"), resource("film.webm"));
        Files.write(folder.resolve("text.mp4"), "no film".getBytes(StandardCharsets.UTF_8));
        List<NamedMedium> media = ((Known) read(
                        """
                {"messages": [{"role": "user", "content": [
                 {"type": "video_url", "video_url": {"url": "film.webm", "nframes": 4}},
                 {"type": "video", "video": "text.mp4"}, {"type": "image", "image": "film.webm"}]}]}""",
                        new ThumbnailIllustrator(folder.toString())))
                .media();
        assertThat(media.get(0).pictures()).hasSize(1);
        assertThat(media.get(0).pictures().get(0))
                .isInstanceOfSatisfying(
                        Picture.Drawn.class, drawn -> assertThat(drawn.width()).isEqualTo(64));
        assertThat(why(media.get(1))).contains("expected MP4");
        assertThat(why(media.get(2))).contains("expected JPEG, PNG");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = QuestionReaderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void saysThatAFolderHasGone() {
        Known question = (Known) read(
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image\", \"image\": \"a.png\"}]}]}",
                new ThumbnailIllustrator(folder.resolve("gone").toString()));
        assertThat(why(question.media().get(0))).contains("is not there");
    }

    private static String why(NamedMedium medium) {
        return medium.pictures().get(0).fold(Picture.Drawn::dataUrl, Picture.Missing::why);
    }

    private static Known question(String json) {
        return (Known) read(json, Illustrator.none());
    }

    private static RowQuestion read(String json, Illustrator illustrator) {
        return new QuestionReader(illustrator)
                .read(new RequestRow(
                        "in.jsonl:0", Optional.empty(), json, new BinaryColumns(Map.of("picture", ONE_PIXEL))));
    }
}
