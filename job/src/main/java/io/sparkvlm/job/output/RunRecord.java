package io.sparkvlm.job.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.JobSource;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.lake.TableVersion;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.RemoteEngine;
import io.sparkvlm.spark.table.PreparationStamp;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Records how an output came about: what was asked of which model. It is a small file beside the rows, which Spark
 * and others take for hidden, and holds no secret.
 *
 * @param inputs as {@link io.sparkvlm.job.input.files.RequestFiles#inputs} had them
 * @param allowedLocalMediaPath the folder that requests could name files in; empty where there was none
 */
public record RunRecord(List<String> inputs, InputFormat inputFormat, String allowedLocalMediaPath, ObjectNode whole) {
    public static final String FILE_NAME = "_sparkvlm.json";

    private static final String COLUMNS = "columns";
    private static final String TABLE_VERSION = "table-version";
    private static final String TABLE_ID = "table-id";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Records what is known before the first row: which files hold the requests, what decides their answers ({@code
     * settings}, and {@code prepared-with} what was decided before), and what makes them come sooner ({@code engine}).
     *
     * @param stamp what the rows were prepared with, if they were before: this holds, whatever the job asks for
     */
    public static RunRecord of(
            JobSource read, OutputFormat format, InferenceConfig job, Optional<PreparationStamp> stamp)
            throws IOException {
        RunRecord record =
                of(read, format == OutputFormat.PARQUET ? "parquet" : "openai-batch", job.preprocessing(), stamp);
        return job.engine().fold(record::withOwn, record::withServers);
    }

    /** The same of a job that prepares requests, and answers none. */
    public static RunRecord ofPreparation(InputSelection read, PreprocessingSettings asked) throws IOException {
        return of(read, "prepared", asked, Optional.empty());
    }

    private static RunRecord of(
            JobSource read, String format, PreprocessingSettings asked, Optional<PreparationStamp> stamp)
            throws IOException {
        Optional<RequestFiles> found = read.requestFiles();
        List<String> inputs = found.map(RequestFiles::inputs).orElse(List.of()).stream()
                .map(path -> withoutPassword(path.toUri()))
                .toList();
        InputFormat inputFormat = found.map(RequestFiles::format).orElse(InputFormat.AUTO);
        ObjectNode whole = JSON.createObjectNode();
        whole.put("version", Version.text());
        whole.put("started", Instant.now().toString());
        ObjectNode source = whole.putObject("input");
        inputs.forEach(source.putArray("paths")::add);
        source.put("format", inputFormat.name().toLowerCase(Locale.ROOT));
        ObjectNode files = source.putObject("files");
        for (FileStatus file : found.map(RequestFiles::files).orElse(List.of())) {
            files.put(
                    withoutPassword(file.getPath().toUri()),
                    file.getLen() + " bytes of " + Instant.ofEpochMilli(file.getModificationTime()));
        }
        if (!read.roles().equals(ColumnRoles.NONE)) {
            whole.set(COLUMNS, ColumnRolesJson.write(read.roles()));
        }
        whole.put("allowed-local-media-path", asked.config().allowedLocalMediaPath());
        whole.put("model", asked.model());
        ObjectNode settings = whole.putObject("settings");
        stamp.ifPresent(made -> source.put("prepared-for", made.model()));
        ObjectNode prepared = stamp.isPresent() ? source.putObject("prepared-with") : settings;
        prepared.put("max-model-len", stamp.map(made -> "" + made.maxModelLen()).orElse(maxModelLen(asked)));
        stamp.map(PreparationStamp::options)
                .orElseGet(() -> PreparationStamp.optionsOf(asked))
                .forEach(prepared::put);
        read.options().forEach(settings::put);
        read.limitRows().ifPresent(limit -> settings.put("limit", limit));
        settings.put("output-format", format);
        settings.put("drop-columns", String.join(",", new TreeSet<>(asked.dropColumns())));
        putMediaRules(asked, settings);
        return new RunRecord(inputs, inputFormat, asked.config().allowedLocalMediaPath(), whole);
    }

    /** Adds a setting that decides answers. */
    public RunRecord withSetting(String name, String value) {
        ObjectNode more = whole.deepCopy();
        more.withObject("/settings").put(name, value);
        return new RunRecord(inputs, inputFormat, allowedLocalMediaPath, more);
    }

    /** The same of a table that is read at a version. */
    public RunRecord withTableVersion(TableVersion version) {
        ObjectNode more = whole.deepCopy();
        ObjectNode input = more.withObject("/input").put(TABLE_VERSION, version.number());
        version.table().ifPresent(id -> input.put(TABLE_ID, id));
        return new RunRecord(inputs, inputFormat, allowedLocalMediaPath, more);
    }

    /** The version of the table that the job reads, where it reads one that has versions. */
    public Optional<TableVersion> tableVersion() {
        JsonNode input = whole.path("input");
        return Optional.ofNullable(input.path(TABLE_VERSION).textValue())
                .map(number -> new TableVersion(
                        number, Optional.ofNullable(input.path(TABLE_ID).textValue())));
    }

    /** Tells the rows of this output from those of any other. */
    String id(Path folder) {
        return Sha256.hex(folder + "\n" + whole.path("started").asText());
    }

    private RunRecord withOwn(EngineSource source) {
        if (source instanceof EngineSettings engine) {
            put(engine);
        }
        return this;
    }

    private void put(EngineSettings engine) {
        whole.withObject("/settings")
                .put("dtype", engine.dtype().name().toLowerCase(Locale.ROOT))
                .put("quantization", engine.quantization().wireName());
        whole.putObject("engine")
                .put("device", engine.device())
                .put("tensor-parallel-size", engine.tensorParallelSize())
                .put("max-num-seqs", engine.maxNumSeqs())
                .put("max-num-batched-tokens", engine.maxNumBatchedTokens())
                .put("kv-cache-memory-bytes", engine.kvCacheMemory())
                .put("enable-prefix-caching", engine.prefixCaching() == PrefixCaching.ON)
                .put("vision-cache-memory-bytes", engine.visionCacheMemory());
    }

    private RunRecord withServers(RemoteEngine engine) {
        whole.withObject("/settings").put("engine", "openai").put("engine-model", engine.model());
        ObjectNode servers = whole.putObject("engine");
        engine.servers()
                .fold(
                        running -> {
                            running.settings().urls().forEach(url -> servers.withArray("/engine-url")
                                    .add(url.toString()));
                            return servers.put(
                                    "engine-concurrency", running.settings().concurrency());
                        },
                        started ->
                                servers.put("engine-concurrency", started.concurrency())); // its command may hold a key
        return this;
    }

    private static void putMediaRules(PreprocessingSettings asked, ObjectNode settings) {
        PreprocessingConfig config = asked.config();
        settings.put("served-model-name", String.join(",", config.servedModelNames()))
                .put(
                        "allowed-media-domains",
                        String.join(",", config.webAccess().domains()))
                .put("allowed-media-cidrs", String.join(",", config.webAccess().cidrs()))
                .put("allowed-media-roots", String.join(",", asked.mediaRoots()))
                .put("max-image-bytes", config.mediaLimits().maxFileBytes())
                .put("max-image-pixels", config.mediaLimits().maxPixels())
                .put("max-video-bytes", config.videoLimits().maxFileBytes())
                .put(
                        "limit-mm-per-prompt",
                        "image=" + config.mediaPerPrompt().images() + ",video="
                                + config.mediaPerPrompt().videos());
    }

    private static String maxModelLen(PreprocessingSettings settings) {
        ContextLimit limit = settings.config().maxModelLen();
        return limit.isOfTheModel() ? EngineSettings.AUTO : Integer.toString(limit.tokens());
    }

    /** Reads the record of an output folder; empty where there is none, or the file is another one. */
    public static Optional<RunRecord> read(Path folder, Configuration hadoop) throws IOException {
        Optional<String> text = HiddenFile.read(folder.getFileSystem(hadoop), new Path(folder, FILE_NAME));
        return text.flatMap(RunRecord::parse);
    }

    private static Optional<RunRecord> parse(String text) {
        try {
            JsonNode whole = JSON.readTree(text);
            return Optional.of(new RunRecord(
                    paths(whole.required("input")),
                    InputFormat.valueOf(
                            whole.required("input").required("format").asText().toUpperCase(Locale.ROOT)),
                    whole.path("allowed-local-media-path").asText(),
                    (ObjectNode) whole));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the input's columns were for. */
    public ColumnRoles roles() throws JobRefusedException {
        return ColumnRolesJson.read(whole.path(COLUMNS));
    }

    /** A version that read one input only called it its path. */
    private static List<String> paths(JsonNode input) {
        List<String> paths = new ArrayList<>();
        if (input.has("path")) {
            paths.add(input.path("path").asText());
        } else {
            input.required("paths").forEach(path -> paths.add(path.asText()));
        }
        return paths;
    }

    public void write(Path folder, Configuration hadoop) throws IOException {
        HiddenFile.write(
                folder.getFileSystem(hadoop),
                new Path(folder, FILE_NAME),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(whole));
    }

    /** Of {@code user:password@host} the host alone; a name without a password may be part of a store's name. */
    private static String withoutPassword(URI uri) {
        if (Objects.isNull(uri.getUserInfo()) || !uri.getUserInfo().contains(":")) {
            return new Path(uri).toString();
        }
        try {
            return new Path(new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null))
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("expected a part of a URI to be one", e);
        }
    }
}
