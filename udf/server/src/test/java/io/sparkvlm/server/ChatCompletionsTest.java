package io.sparkvlm.server;

import static io.sparkvlm.server.TestServer.HELLO;
import static io.sparkvlm.server.TestServer.error;
import static io.sparkvlm.server.TestServer.events;
import static io.sparkvlm.server.TestServer.helloWith;
import static io.sparkvlm.server.TestServer.json;
import static io.sparkvlm.server.TestServer.parts;
import static io.sparkvlm.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Rejection;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatCompletionsTest {
    private static final FakeEngine engine = new FakeEngine();
    private static TestServer server;

    @BeforeAll
    static void open() throws Exception {
        server = TestServer.over(engine);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void anAnswerIsOneChatCompletion() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(HELLO);
        FakeEngine.Asked prompt = engine.next();
        prompt.says("blue");
        prompt.ends(FinishReason.STOP);

        JsonNode answer = json(asked.join());
        assertThat(asked.join().statusCode()).isEqualTo(200);
        assertThat(asked.join().headers().firstValue("content-type")).contains("application/json");
        assertThat(asked.join().headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.at("/object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("blue");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void aStreamsPartsComeAsTheyAreGenerated() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith(
                "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"stop\":\"END\",\"logprobs\":false"));
        FakeEngine.Asked prompt = engine.next();
        prompt.says("blueE");
        prompt.says("Nno");
        assertThat(prompt.says("END")).isEqualTo(Verdict.STOP);
        prompt.ends(FinishReason.STOP);

        assertThat(asked.join().headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        List<JsonNode> events = events(asked.join());
        assertThat(text(events)).isEqualTo("blueENno");
        assertThat(events.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(events).allMatch(event -> event.get("object").asText().equals("chat.completion.chunk"));
        assertThat(events.stream().map(event -> event.get("id")))
                .containsOnly(events.get(0).get("id"));
        JsonNode last = events.get(events.size() - 2);
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(last.get("usage").isNull()).isTrue();
        JsonNode usage = events.get(events.size() - 1);
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(11);
    }

    @Test
    void aStreamHasNoUsageThatWasNotAskedFor() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"stream\":true"));
        FakeEngine.Asked prompt = engine.next();
        prompt.ends(FinishReason.STOP);

        List<JsonNode> events = events(asked.join());
        assertThat(text(events)).isEmpty();
        assertThat(events).hasSize(2).noneMatch(event -> event.has("usage"));
    }

    @Test
    void anAnswerHasAsManyChoicesAsWereAskedFor() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"n\":2,\"seed\":7"));
        FakeEngine.Asked first = engine.next();
        FakeEngine.Asked second = engine.next();
        second.says("red");
        second.ends(FinishReason.LENGTH);
        first.says("blue");
        first.ends(FinishReason.STOP);

        JsonNode answer = json(asked.join());
        assertThat(answer.get("choices")).hasSize(2);
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("blue");
        assertThat(answer.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/choices/1/message/content").asText()).isEqualTo("red");
        assertThat(answer.at("/choices/1/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(7);
        assertThat(answer.at("/usage/prompt_tokens").asInt())
                .isEqualTo(first.task.prompt().tokens());
        assertThat(List.of(first.task.sampling().seed(), second.task.sampling().seed()))
                .containsExactly(7L, 8L);
    }

    @Test
    void theChoicesOfAStreamComeAsTheyAreGeneratedAndEndEachForItself() throws Exception {
        CompletableFuture<HttpResponse<Stream<String>>> asked =
                server.followLater(helloWith("\"n\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        FakeEngine.Asked first = engine.next();
        FakeEngine.Asked second = engine.next();
        second.says("r");
        List<JsonNode> events = new ArrayList<>();
        try (Stream<String> lines = asked.join().body()) {
            Iterator<String> line = lines.iterator();
            readUntil(() -> text(events, 1).equals("r"), line, events);
            first.says("bl");
            readUntil(() -> text(events, 0).equals("bl"), line, events);
            second.says("ed");
            second.ends(FinishReason.STOP);
            readUntil(() -> parts(events, 1).anyMatch(part -> part.hasNonNull("finish_reason")), line, events);
            first.says("ue");
            first.ends(FinishReason.LENGTH);
            readUntil(() -> events.get(events.size() - 1).hasNonNull("usage"), line, events);
        }

        assertThat(List.of(text(events, 0), text(events, 1))).containsExactly("blue", "red");
        for (int choice = 0; choice < 2; choice++) {
            List<JsonNode> parts = parts(events, choice).toList();
            assertThat(parts.get(0).at("/delta/role").asText()).isEqualTo("assistant");
            assertThat(parts.get(parts.size() - 1).get("finish_reason").asText())
                    .isEqualTo(choice == 0 ? "length" : "stop");
        }
        assertThat(events.get(events.size() - 1).at("/usage/completion_tokens").asInt())
                .isEqualTo(7);
    }

    private static void readUntil(BooleanSupplier enough, Iterator<String> lines, List<JsonNode> events) {
        while (!enough.getAsBoolean()) {
            assertThat(lines.hasNext()).as("more after " + events).isTrue();
            String line = lines.next();
            if (!line.isEmpty()) {
                events.add(TestServer.event(line));
            }
        }
    }

    @Test
    void aChoiceThatIsRejectedTakesTheOthersWithIt() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"n\":2"));
        FakeEngine.Asked first = engine.next();
        engine.next().isRejected(Rejection.of(EngineCode.ENGINE_OUT_OF_MEMORY, "no room"));

        first.awaitCancelled();
        assertThat(asked.join().statusCode()).isEqualTo(503);
    }

    @Test
    void aChoiceThatTheEngineCannotTakeTakesTheOthersWithIt() throws Exception {
        FakeEngine one = FakeEngine.withRoomFor(1);
        try (TestServer other = TestServer.over(one)) {
            CompletableFuture<HttpResponse<String>> asked = other.askLater(helloWith("\"n\":2"));

            one.next().awaitCancelled();
            assertThat(asked.join().statusCode()).isEqualTo(500);
        }
    }

    /** Fields that are not known are let by: they must not be taken for those that were judged. */
    @Test
    void aBatchLineHasAsManyChoicesAsItsBodyWasJudgedToHave() throws Exception {
        String body = helloWith("\"n\":1,\"body\":{\"n\":1000000000,\"stream\":true}");
        CompletableFuture<HttpResponse<String>> asked = server.askLater(
                "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"" + TestServer.CHAT + "\",\"body\":" + body + "}");
        FakeEngine.Asked prompt = engine.next();
        prompt.says("blue");
        prompt.ends(FinishReason.STOP);

        assertThat(json(asked.join()).get("choices")).hasSize(1);
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void choicesWhoseEngineBreaksAreAllAskedOfTheNext() throws Exception {
        FakeEngine second = new FakeEngine();
        AtomicInteger opened = new AtomicInteger();
        FakeEngine first = new FakeEngine();
        try (TestServer other = TestServer.over(
                () -> opened.getAndIncrement() == 0 ? first : second, TestServer.settings(TestServer.LIMITS))) {
            CompletableFuture<HttpResponse<String>> asked = other.askLater(helloWith("\"n\":2"));
            FakeEngine.Asked ended = first.next();
            ended.says("lost");
            ended.ends(FinishReason.STOP);
            first.next().breaks();
            for (String text : List.of("abc", "def")) {
                FakeEngine.Asked again = second.next();
                again.says(text);
                again.ends(FinishReason.STOP);
            }

            JsonNode answer = json(asked.join());
            assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("abc");
            assertThat(answer.at("/choices/1/message/content").asText()).isEqualTo("def");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {                                                                | 400 | invalid_json_line          |
                    {"messages":[]}                                                  | 400 | empty_array                | messages
                    {"messages":[{"role":"user","content":"a"}],"temperature":3}     | 400 | decimal_above_max_value    | temperature
                    {"messages":[{"role":"user","content":"a"}],"model":"other"}     | 404 | model_not_found            | model
                    {"messages":[{"role":"user","content":"a"}],"stream":"yes"}      | 400 | invalid_type               | stream
                    {"messages":[{"role":"user","content":"a"}],"tools":[{}]}        | 400 | unsupported_parameter      | tools
                    {"messages":[{"role":"user","content":"a"}],"n":9}               | 400 | integer_above_max_value    | n
                    {"messages":[{"role":"user","content":"a"}],"n":0}               | 400 | integer_below_min_value    | n
                    {"stream":true}                                                  | 400 | missing_required_parameter | messages
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]} | 400 | url_not_allowed | messages[0].content[0].image_url.url
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://localhost/x.png"}}]}]} | 400 | url_not_allowed | messages[0].content[0].image_url.url
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"column:x"}}]}]} | 400 | invalid_image_url | messages[0].content[0].image_url.url
                    """)
    void whatTheJobRefusesIsRefusedInItsWords(String body, int status, String code, String param) throws Exception {
        HttpResponse<String> answer = server.ask(body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(error(answer).get("code").asText()).isEqualTo(code);
        assertThat(error(answer).get("param").asText(null)).isEqualTo(param);
        assertThat(error(answer).get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void whatTheEngineRejectsHasItsStatusAlsoInAStreamThatHasNotBegun() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"stream\":true"));
        engine.next().isRejected(Rejection.of(EngineCode.ENGINE_OUT_OF_MEMORY, "no room"));

        assertThat(asked.join().statusCode()).isEqualTo(503);
        assertThat(asked.join().headers().firstValue("retry-after")).isPresent();
        assertThat(error(asked.join()).get("code").asText()).isEqualTo("engine_out_of_memory");
    }

    @Test
    void aStreamThatHasBegunEndsWithTheError() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(helloWith("\"stream\":true"));
        FakeEngine.Asked prompt = engine.next();
        prompt.says("abc");
        prompt.isRejected(Rejection.of(EngineCode.ENGINE_OUT_OF_MEMORY, "no room"));

        List<JsonNode> events = events(asked.join());
        assertThat(text(events)).isEqualTo("abc");
        assertThat(events.get(events.size() - 1).at("/error/code").asText()).isEqualTo("engine_out_of_memory");
    }

    @Test
    void aRequestWhoseEngineBreaksIsAskedOfTheNext() throws Exception {
        FakeEngine second = new FakeEngine();
        AtomicInteger opened = new AtomicInteger();
        FakeEngine first = new FakeEngine();
        try (TestServer other = TestServer.over(
                () -> opened.getAndIncrement() == 0 ? first : second, TestServer.settings(TestServer.LIMITS))) {
            CompletableFuture<HttpResponse<String>> asked = other.askLater(helloWith("\"stream\":true"));
            first.next().breaks();
            FakeEngine.Asked again = second.next();
            again.says("abc");
            again.ends(FinishReason.LENGTH);

            assertThat(text(events(asked.join()))).isEqualTo("abc");
            assertThat(first.isClosed()).isTrue();
        }
    }

    @Test
    void aFaultIsNamedInTheLogOnly() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = server.askLater(HELLO);
        engine.next().future.completeExceptionally(new IllegalStateException("secret"));

        assertThat(asked.join().statusCode()).isEqualTo(500);
        assertThat(asked.join().body())
                .contains(asked.join().headers().firstValue("x-request-id").orElseThrow())
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/chat/completions, 405",
        "POST, /v1/models, 405",
        "GET, /v1/other, 404",
        "GET, /, 404",
        "GET, /v1/models/../../etc, 404",
        "GET, /v1/models/other, 404",
        "GET, /v1%2Fmodels, 404",
    })
    void otherPathsAndMethodsAreRefusedInOpenAisForm(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = server.send(server.request(path).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(error(answer).get("message").asText()).isNotEmpty();
    }

    @Test
    void aHeadIsTheSameAnswerWithoutItsBody() throws Exception {
        for (String path : List.of("/health", "/metrics", "/v1/models", "/v1/models/model")) {
            HttpResponse<String> got = server.send(server.request(path));
            HttpResponse<String> head = server.send(server.request(path).method("HEAD", BodyPublishers.noBody()));

            assertThat(head.statusCode()).as(path).isEqualTo(got.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("content-type"))
                    .isEqualTo(got.headers().firstValue("content-type"));
            assertThat(head.headers().firstValue("content-length")).isPresent();
            if (!path.equals("/metrics")) { // which has counted an answer more
                assertThat(head.headers().firstValue("content-length"))
                        .isEqualTo(got.headers().firstValue("content-length"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"/health, 'GET, HEAD, OPTIONS'", "/v1/chat/completions, 'POST, OPTIONS'"})
    void optionsSayWhichMethodsThereAre(String path, String methods) throws Exception {
        HttpResponse<String> answer = server.send(server.request(path).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("allow")).contains(methods);
    }

    @Test
    void aModelIsFoundByItsName() throws Exception {
        JsonNode found = json(server.send(server.request("/v1/models/model")));
        assertThat(found.get("id").asText()).isEqualTo("model");
        assertThat(found)
                .isEqualTo(json(server.send(server.request("/v1/models"))).at("/data/0"));

        HttpResponse<String> other = server.send(server.request("/v1/models/other%2Fmodel"));
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(error(other).get("message").asText()).contains("\"other/model\" does not exist");
        assertThat(error(other).get("code").asText()).isEqualTo("model_not_found");
        assertThat(error(other).get("param").asText()).isEqualTo("model");
        assertThat(error(other).get("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void whatIsNotDeclaredAsJsonIsRefused() throws Exception {
        HttpResponse<String> answer =
                server.send(server.request(TestServer.CHAT).POST(BodyPublishers.ofString(HELLO)));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void itSaysWhatItServesAndHowItIs() throws Exception {
        FakeEngine idle = new FakeEngine();
        try (TestServer fresh = TestServer.over(idle)) {
            assertThat(json(fresh.send(fresh.request("/v1/models")))
                            .at("/data/0/id")
                            .asText())
                    .isEqualTo("model");
            assertThat(fresh.send(fresh.request("/health")).statusCode()).isEqualTo(200);
            fresh.ask("{}");
            fresh.send(fresh.request(TestServer.CHAT).POST(BodyPublishers.ofString("not declared as JSON")));
            CompletableFuture<HttpResponse<String>> asked = fresh.askLater(HELLO);
            FakeEngine.Asked prompt = idle.next();
            String during = fresh.send(fresh.request("/metrics")).body();
            prompt.ends(FinishReason.STOP);
            asked.join();

            assertThat(during)
                    .contains(
                            "sparkvlm_requests 1\n",
                            "sparkvlm_requests_refused_total{code=\"missing_required_parameter\"} 1\n",
                            "sparkvlm_requests_refused_total{code=\"invalid_request_error\"} 1\n");
            assertThat(fresh.send(fresh.request("/metrics")).body())
                    .contains("sparkvlm_time_to_first_token_seconds_bucket{le=\"+Inf\"} 1\n", "sparkvlm_requests 0\n");
        }
    }
}
