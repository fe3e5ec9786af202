package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes a request for every error that the output may hold from a file to the table. */
final class ContractTest {
    /** Met in {@link #whatTheEngineCannotAnswerIsARow}, which takes an engine that is not right. */
    private static final Set<ErrorCode> OF_THE_ENGINE =
            Set.of(EngineCode.ENGINE_OUT_OF_MEMORY, EngineCode.SERVER_ERROR);
    /** Met by PoisonTest: no request ends an executor that is in order. */
    private static final Set<ErrorCode> OF_CRASHES = Set.of(EngineCode.WORKER_CRASHED);

    private static final List<String> INSIDES = List.of("secret", "Exception", "io.sparkvlm", "java.", "@");

    @TempDir
    private Path folder;

    @Test
    void everyCodeIsTheErrorOfSomeRequest() throws IOException {
        Set<ErrorCode> met = new HashSet<>(OF_THE_ENGINE);
        ErrorCase.all(1).forEach(row -> met.add(ErrorCode.parse(row.code())));
        Set<ErrorCode> expected = new HashSet<>(ErrorCode.all());
        expected.removeAll(OF_CRASHES);

        assertThat(met).isEqualTo(expected);
    }

    @Test
    void everyFaultIsARowThatSaysWhatIsWrongAndWhere() throws IOException {
        BadMedia.write(folder);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        server.start();
        try {
            List<ErrorCase> cases = ErrorCase.all(server.getAddress().getPort());
            Map<String, ErrorCase> byRowId = write(cases);

            assertThat(Job.run(arguments(
                            "--strict",
                            "--limit-mm-per-prompt",
                            "image=2,video=1",
                            "--max-image-bytes",
                            "200000",
                            "--max-video-bytes",
                            "40000000",
                            "--media-decode-timeout",
                            "1",
                            "--allowed-media-domains",
                            "127.0.0.1",
                            "--allowed-media-cidrs",
                            "127.0.0.0/8")))
                    .as("all rows are errors")
                    .isEqualTo(3);

            List<Row> rows = Job.rows(folder.resolve("output"));
            assertThat(rows)
                    .hasSameSizeAs(cases)
                    .allSatisfy(row -> isTheErrorOf(byRowId.get(row.getAs("row_id")), row));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatTheEngineCannotAnswerIsARow() throws IOException {
        Path broken = folder.resolve("broken");
        FileUtils.copyDirectory(Reference.checkpoint().toFile(), broken.toFile());
        makeNotANumber(broken.resolve("model.safetensors"));
        String asked =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"max_tokens\":4,\"user\":\"u\",\"colour\":1}";
        write(List.of(
                new ErrorCase("server_error", 500, "", "req_", asked.formatted("hi")),
                new ErrorCase("engine_out_of_memory", 503, "", "", asked.formatted("word ".repeat(3000)))));
        List<String> arguments = arguments();
        arguments.set(arguments.indexOf("--model") + 1, broken.toString());
        arguments.set(arguments.indexOf("--kv-cache-memory-bytes") + 1, "1m");

        assertThat(Job.run(arguments)).as("all rows are errors").isEqualTo(3);

        assertThat(Job.rows(folder.resolve("output")))
                .hasSize(2)
                .anySatisfy(row -> {
                    assertThat(row.<Integer>getAs("status_code")).isEqualTo(500);
                    assertThat(row.<Row>getAs("error").<String>getAs("code")).isEqualTo("server_error");
                    assertThat(row.<Row>getAs("error").<String>getAs("type")).isEqualTo("server_error");
                    assertThat(row.<Row>getAs("error").<String>getAs("message")).containsPattern("req_[0-9a-f-]{36}");
                    assertThat(row.<String>getAs("params")).startsWith("{\"max_completion_tokens\":4,");
                    assertThat(row.<String>getList(row.fieldIndex("warnings")))
                            .containsExactly(
                                    "'user' is accepted and has no effect here",
                                    "unknown field 'colour' has no effect on the answer");
                })
                .anySatisfy(row -> {
                    assertThat(row.<Integer>getAs("status_code")).isEqualTo(503);
                    assertThat(row.<Row>getAs("error").<String>getAs("code")).isEqualTo("engine_out_of_memory");
                    assertThat(row.<Row>getAs("error").<String>getAs("message")).contains("--kv-cache-memory-bytes");
                });
    }

    private static void isTheErrorOf(ErrorCase expected, Row row) {
        assertThat(row.<String>getAs("status")).as(expected.toString()).isEqualTo("error");
        Row error = row.getAs("error");
        String message = error.getAs("message");
        assertThat(error.<String>getAs("code")).as(expected + " found " + error).isEqualTo(expected.code());
        assertThat(error.<String>getAs("type"))
                .isEqualTo(expected.status() < 500 ? "invalid_request_error" : "server_error");
        assertThat(Objects.toString(error.getAs("param"), ""))
                .as(expected.toString())
                .isEqualTo(expected.param());
        assertThat(message)
                .as(expected.toString())
                .contains(expected.messagePart())
                .doesNotContain(INSIDES)
                .hasSizeLessThanOrEqualTo(300)
                .doesNotContain("\n");
        assertThat(row.<Integer>getAs("status_code")).isEqualTo(expected.status());
        for (String column : List.of("response", "text", "finish_reason", "usage")) {
            assertThat(row.<Object>getAs(column)).as(column).isNull();
        }
    }

    /** By the ids that the rows will have. */
    private Map<String, ErrorCase> write(List<ErrorCase> cases) throws IOException {
        Map<String, ErrorCase> byRowId = new TreeMap<>();
        StringBuilder lines = new StringBuilder();
        for (ErrorCase row : cases) {
            byRowId.put("requests.jsonl:" + lines.toString().getBytes(StandardCharsets.UTF_8).length, row);
            lines.append(row.line()).append('\n');
        }
        Files.writeString(folder.resolve("requests.jsonl"), lines);
        return byRowId;
    }

    /** Every second byte of an infinite exponent and a quiet bit: not a number in float32 and in bfloat16. */
    private static void makeNotANumber(Path weights) throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        int data = Long.BYTES
                + Math.toIntExact(
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        for (int i = data; i < bytes.length; i++) {
            bytes[i] = (byte) ((i - data) % 2 == 0 ? 0xC0 : 0x7F);
        }
        Files.write(weights, bytes);
    }

    private List<String> arguments(String... others) {
        List<String> arguments =
                new ArrayList<>(Job.generate(folder.resolve("requests.jsonl"), folder.resolve("output"), others));
        arguments.replaceAll(it -> it.equals(Reference.media().toString()) ? folder.toString() : it);
        return arguments;
    }
}
