package io.sparkvlm.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.sparkvlm.job.demo.AnswerKey.Entry;
import io.sparkvlm.job.demo.AnswerKey.Fault;
import io.sparkvlm.job.demo.DemoQuestion.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnswerKeyTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatWasAskedBesideWhatIsRight() throws IOException {
        write(
                List.of(
                        request(
                                "one",
                                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'a.png'}},"
                                        + "{'type':'text','text':'What is this?'}]},"
                                        + "{'role':'assistant','content':'This is a star.'},"
                                        + "{'role':'user','content':[{'type':'text','text':'Which colour is it?'}]}"),
                        request(
                                "two",
                                "{'role':'user','content':[{'type':'text','text':'Does it move?'},"
                                        + "{'type':'video_url','video_url':{'url':['b-0.png','b-1.png']}}]}"),
                        request("three", "{'role':'user','content':'Hello!'}"),
                        request("four", "{'role':'narrator','content':'Hello!'}")),
                List.of(
                        "{'custom_id':'one','kind':'colour','turns':2,'answer':'The star is red.'}",
                        "{'custom_id':'two','kind':'motion','turns':1,'answer':'It does not move.'}",
                        "{'custom_id':'three','kind':'text','turns':1,'answer':'Hello!'}",
                        "{'custom_id':'four','kind':'bad','error':'invalid_value'}"));

        AnswerKey key = AnswerKey.read(folder);

        assertThat(key.questions())
                .containsExactly(
                        new Entry(
                                "one",
                                "colour",
                                new DemoQuestion(Subject.PICTURES, List.of("a.png"), 2, "Which colour is it?"),
                                "The star is red."),
                        new Entry(
                                "two",
                                "motion",
                                new DemoQuestion(
                                        Subject.FILMS, List.of("b-0.png, the first of 2 frames"), 1, "Does it move?"),
                                "It does not move."),
                        new Entry("three", "text", new DemoQuestion(Subject.TEXT, List.of(), 1, "Hello!"), "Hello!"));
        assertThat(key.faults()).containsExactly(new Fault("four", "invalid_value"));
    }

    @Test
    void doesNotSpellOutPicturesInRequests() throws IOException {
        write(
                List.of(
                        request(
                                "one",
                                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA'}}]}")),
                List.of("{'custom_id':'one','kind':'what','answer':'A star.'}"));
        assertThat(AnswerKey.read(folder).questions().get(0).question().media())
                .containsExactly("a picture in the request itself");
    }

    @Test
    void wantsARequestForEachAnswer() throws IOException {
        write(List.of(), List.of("{'custom_id':'one','kind':'what','answer':'A star.'}"));
        assertThatIOException().isThrownBy(() -> AnswerKey.read(folder)).withMessageEndingWith("found none for one");
    }

    private static String request(String customId, String messages) {
        return "{'custom_id':'" + customId + "','body':{'messages':[" + messages + "]}}";
    }

    private void write(List<String> requests, List<String> answers) throws IOException {
        Files.writeString(
                folder.resolve("requests.jsonl"), String.join("\n", requests).replace('\'', '"'));
        Files.writeString(
                folder.resolve("answers.jsonl"), String.join("\n", answers).replace('\'', '"'));
    }
}
