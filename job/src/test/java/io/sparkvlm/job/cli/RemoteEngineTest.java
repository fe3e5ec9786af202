package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.text.JobRefusedException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Jobs whose rows go to a server that a test has scripted, from the command line to the table. */
final class RemoteEngineTest {
    private static final String CHECKPOINT = "../preprocessing/src/test/resources/reference/tied/checkpoint";

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger busy = new AtomicInteger(2);
    private volatile boolean isWell;
    private HttpServer server;
    private String errors = "";
    private String said = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/models", it -> reply(it, 200, "{\"data\":[{\"id\":\"theirs\"}]}"));
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(body);
        if (busy.getAndDecrement() > 0 || (body.contains("never") && !isWell)) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            reply(exchange, 429, "");
        } else if (body.contains("not for you")) {
            reply(exchange, 401, "{}");
        } else if (body.contains("too hard")) {
            reply(exchange, 400, "{\"error\":{\"message\":\"we do not like it\",\"code\":400}}");
        } else {
            reply(
                    exchange,
                    200,
                    "{\"id\":\"theirs-1\",\"object\":\"chat.completion\",\"model\":\"theirs\",\"choices\":[{\"index\":0,"
                            + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":\"length\"}],"
                            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9,"
                            + "\"prompt_tokens_details\":{\"cached_tokens\":3}}}");
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void putsTheAnswersOfServersIntoTheSameTable() throws IOException {
        Path input = Files.write(
                folder.resolve("in.jsonl"),
                List.of(
                        text("one", "hello"),
                        text("two", "hello"),
                        text("hard", "this is too hard"),
                        text("broken", "this comes to its turn never"),
                        part("picture", "image_url", "data:image/png;base64," + png()),
                        part("film", "video_url", "file.mp4"),
                        "{}"));
        String output = folder.resolve("out").toString();
        String both = url() + "/v1/,http://127.0.0.1:" + deadPort();
        assertThat(run("generate", input, output, "--dedupe", "--engine-url", both))
                .as(errors)
                .isEqualTo(0);
        Map<String, Row> rows = rows(output);
        assertThat(rows.get("one").<String>getAs("text")).isEqualTo("yes");
        assertThat(rows.get("two").<String>getAs("text")).isEqualTo("yes");
        assertThat(rows.get("one").<String>getAs("finish_reason")).isEqualTo("length");
        assertThat(rows.get("one").<String>getAs("response")).contains("theirs-1", "\"created\":");
        assertThat(rows.get("one").<Row>getAs("usage").<Long>getAs("cached_tokens"))
                .isEqualTo(3);
        assertThat(rows.get("picture").<String>getAs("text")).isEqualTo("yes");
        assertThat(error(rows, "hard", "code")).isEqualTo("invalid_value");
        assertThat(error(rows, "hard", "message")).isEqualTo("we do not like it");
        assertThat(error(rows, "broken", "code")).isEqualTo("server_error");
        assertThat(rows).hasSize(7);
        assertThat(asked).allMatch(body -> body.contains("\"model\":\"theirs\""));
        assertThat(asked.stream().filter(body -> body.contains("hello")).distinct())
                .hasSize(1);
        String picture = "data:image/png;base64," + png();
        assertThat(asked).anyMatch(body -> body.contains(picture));

        asked.clear();
        assertThat(run(
                        "generate",
                        input,
                        output,
                        "--dedupe",
                        "--engine-url",
                        url(),
                        "--dry-run",
                        "--json",
                        "--calibrate",
                        "0"))
                .as(errors)
                .isEqualTo(0);
        assertThat(said).startsWith("{\"rows\":7,");
        assertThat(asked).isEmpty();

        isWell = true;
        assertThat(run("generate", input, output, "--dedupe", "--retry-failed", "--engine-url", url()))
                .as(errors)
                .isEqualTo(0);
        assertThat(rows(output).get("broken").<String>getAs("text")).isEqualTo("yes");
        assertThat(asked).noneMatch(body -> body.contains("hello") || body.contains("image_url"));

        asked.clear();
        assertThat(run("generate", input, output, "--dedupe", "--engine-url", url(), "--engine-model", "another"))
                .isEqualTo(2);
        assertThat(errors).contains("--engine-model was theirs and is another");
        assertThat(asked).isEmpty();
    }

    @Test
    void startsItsServerAndAnswersAsTheOwnEngineDoes() throws IOException {
        String bounded = "[{\"type\":\"image_url\",\"image_url\":{\"max_pixels\":1568,\"url\":\"data:image/png;base64,"
                + png() + "\"}}]";
        Path input = Files.write(
                folder.resolve("in.jsonl"),
                List.of(text("one", "hello"), text("two", "good bye"), line("bounded", bounded)));
        String weights = "../src/test/resources/reference/tied/checkpoint";
        String[] job = {"generate", "--model", weights, "--input", input.toString(), "--output"};
        String own = folder.resolve("own").toString();
        assertThat(execute(with(job, own, "--dtype", "float32"))).as(errors).isEqualTo(0);
        String output = folder.resolve("out").toString();
        String serve = Path.of(System.getProperty("java.home"), "bin", "java") + " -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' " + Main.class.getName()
                + " serve --model {model} --host 127.0.0.1 --port {port} --dtype float32";

        assertThat(execute(with(job, output, "--engine", "openai", "--engine-command", serve)))
                .as(errors)
                .isEqualTo(0);

        for (String id : List.of("one", "two", "bounded")) {
            assertThat(rows(output).get(id).<String>getAs("status")).isEqualTo("ok");
            assertThat(rows(output).get(id).<String>getAs("text"))
                    .isEqualTo(rows(own).get(id).<String>getAs("text"));
        }
        assertThat(execute(with(
                        job,
                        folder.resolve("none").toString(),
                        "--engine",
                        "openai",
                        "--engine-command",
                        "echo no vLLM here; exit 1 # {port}")))
                .isEqualTo(2);
        assertThat(errors)
                .contains(
                        "the server of --engine-command ended while it started; it said last: no vLLM here | exit code 1");
    }

    private static String[] with(String[] job, String... more) {
        return Stream.of(job, more).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void endsWhereTheServersLetTheJobNotIn() throws IOException {
        Path input = Files.write(folder.resolve("in.jsonl"), List.of(text("one", "not for you")));
        assertThat(run("generate", input, folder.resolve("out").toString(), "--engine-url", url()))
                .isEqualTo(2);
        assertThat(errors).contains("lets this job not in (status 401").contains("set the key");
        Path mended = Files.write(folder.resolve("mended.jsonl"), List.of(text("one", "hello")));
        assertThat(run("generate", mended, folder.resolve("later").toString(), "--engine-url", url()))
                .as("a later job of the process: %s", errors)
                .isEqualTo(0);
    }

    @Test
    void refusesATableThatIsPrepared() throws IOException {
        Path input = Files.write(folder.resolve("in.jsonl"), List.of(text("one", "hello")));
        String prepared = folder.resolve("prepared").toString();
        assertThat(execute("prepare", "--model", CHECKPOINT, "--input", input.toString(), "--output", prepared))
                .as(errors)
                .isEqualTo(0);
        assertThat(run("generate", Path.of(prepared), folder.resolve("out").toString(), "--engine-url", url()))
                .isEqualTo(2);
        assertThat(errors).contains("found a table that is prepared");
        assertThat(asked).isEmpty();
    }

    @Test
    void refusesBeforeSparkStartsWhatServersDoNotDo() throws IOException {
        Path input = Files.write(folder.resolve("in.jsonl"), List.of(text("one", "hello")));
        assertRefused(input, "found staged", "--engine-url", url(), "--preprocessing", "staged");
        assertRefused(input, "--dtype is of the job's own engine", "--engine-url", url(), "--dtype", "float32");
        assertRefused(input, "expected at least one engine-url");
        String command = "serve --port {port}";
        assertRefused(input, "found both", "--engine-url", url(), "--engine-command", command);
        assertRefused(input, "expected engine-command with {port}", "--engine-command", "serve");
        assertRefused(input, "start it first", "--engine-url", "http://127.0.0.1:" + deadPort());
        assertThat(execute(
                        "generate",
                        "--model",
                        "../src/test/resources/reference/tied/checkpoint",
                        "--input",
                        input.toString(),
                        "--output",
                        folder.resolve("out").toString(),
                        "--engine-url",
                        url()))
                .isEqualTo(2);
        assertThat(errors).contains("expected --engine=openai");
    }

    @Test
    void saysWhatAFileSetsForTheOwnEngine() throws IOException {
        Path input = Files.write(folder.resolve("in.jsonl"), List.of(text("one", "hello")));
        Path settings = Files.writeString(
                folder.resolve("job.properties"),
                "dtype = float32\nmax-num-seqs = 64\nmax-model-len = 128\nkv-cache-memory-bytes = 1g\n");
        assertThat(run(
                        "generate",
                        input,
                        folder.resolve("out").toString(),
                        "--engine-url",
                        "http://127.0.0.1:" + deadPort(),
                        "--properties-file",
                        settings.toString()))
                .isEqualTo(2);
        assertThat(errors)
                .contains("not in force with --engine=openai, of the job's own engine: dtype, kv-cache-memory-bytes\n");
    }

    private void assertRefused(Path input, String reason, String... more) {
        assertThat(run("generate", input, folder.resolve("out").toString(), more))
                .isEqualTo(2);
        assertThat(errors).contains(reason).hasLineCount(1);
        assertThat(asked).isEmpty();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            return closed.getLocalPort();
        }
    }

    private static String text(String id, String content) {
        return line(id, "\"" + content + "\"");
    }

    private static String part(String id, String kind, String url) {
        return line(
                id,
                "[{\"type\":\"text\",\"text\":\"what is it\"},{\"type\":\"" + kind + "\",\"" + kind + "\":{\"url\":\""
                        + url + "\"}}]");
    }

    private static String line(String id, String content) {
        return "{\"custom_id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{"
                + "\"temperature\":0,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}}";
    }

    private static String png() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(56, 56, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private int run(String command, Path input, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                command, "--model", CHECKPOINT, "--input", input.toString(), "--output", output, "--engine", "openai"));
        arguments.addAll(List.of(more));
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = RootCommand.commandLine();
        line.setErr(new PrintWriter(err, true));
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out, true));
        try {
            line.setDefaultValueProvider(OptionDefaults.of(arguments, Map.of()).providerFor(line));
        } catch (JobRefusedException e) {
            throw new AssertionError(e);
        }
        int code = line.execute(arguments);
        errors = err.toString();
        said = out.toString();
        return code;
    }

    private static Map<String, Row> rows(String output) throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        try (SparkSession spark = LocalSpark.withCores(2)) {
            spark.read().parquet(output).collectAsList().forEach(row -> rows.put(row.getAs("custom_id"), row));
        }
        return rows;
    }

    private static String error(Map<String, Row> rows, String id, String field) {
        return rows.get(id).<Row>getAs("error").getAs(field);
    }
}
