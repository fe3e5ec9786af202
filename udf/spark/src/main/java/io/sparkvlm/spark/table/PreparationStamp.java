package io.sparkvlm.spark.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.request.validation.RequestRules;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * Says what a prepared table was prepared with, and so which jobs can take it. Lies in the metadata of its {@value
 * Columns#ROW_ID}, which Spark keeps in every Parquet file.
 *
 * @param version of the table's layout
 * @param model by the name that it had then
 * @param servedName what the answer to a request that names no model calls it
 * @param promptFingerprint of the tokenizer and chat template
 * @param geometry how the model's checkpoint cuts pictures
 * @param maxModelLen tokens that a prompt and its answer have room for
 * @param options what was decided, by the names of the options
 */
public record PreparationStamp(
        long version,
        String model,
        String servedName,
        String promptFingerprint,
        String geometry,
        long maxModelLen,
        Map<String, String> options) {
    /** Goes up when tables that were written before can no longer be read. */
    static final long VERSION = 2;

    private static final String KEY = "sparkvlm.prepared";

    public PreparationStamp {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(servedName, "servedName");
        Objects.requireNonNull(promptFingerprint, "promptFingerprint");
        Objects.requireNonNull(geometry, "geometry");
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** The stamp of what a job of these settings prepares; reads the checkpoint's tokenizer. */
    public static PreparationStamp of(PreprocessingSettings settings) throws IOException {
        Preprocessor preprocessor = settings.open();
        try {
            return new PreparationStamp(
                    VERSION,
                    settings.model(),
                    settings.config().servedModelNames().stream().findFirst().orElse(RequestRules.ANY_MODEL),
                    preprocessor.promptFingerprint(),
                    preprocessor.geometry().toString(),
                    preprocessor.maxModelLen(),
                    optionsOf(settings));
        } finally {
            settings.leaveOpen(preprocessor); // for the tasks that come next
        }
    }

    /** What a job of these settings decides about a request, by the names of the options. */
    public static Map<String, String> optionsOf(PreprocessingSettings settings) {
        String generationConfig =
                switch (settings.config().samplingDefaults()) {
                    case OPENAI -> "openai";
                    case VLLM -> "vllm";
                    case CHECKPOINT -> "auto";
                };
        Map<String, String> options = new LinkedHashMap<>();
        options.put("min-pixels", "" + settings.config().imagePixels().minPixels());
        options.put("max-pixels", "" + settings.config().imagePixels().maxPixels());
        options.put("seed", "" + settings.config().seed());
        options.put("generation-config", generationConfig);
        // Spaces part the options of a stamp; in JSON they can be written otherwise wherever they matter.
        settings.config()
                .sampling()
                .values()
                .forEach((field, json) -> options.put(field.replace('_', '-'), json.replace(" ", "\\u0020")));
        options.put("strict", "" + (settings.config().strictness() == Strictness.STRICT));
        return options;
    }

    /** What the seeds of rows were made from that brought none. */
    public long seed() {
        return Long.parseLong(options.get("seed"));
    }

    /** The options in one line, as they lie in the table. */
    public String text() {
        return options.entrySet().stream()
                .map(option -> option.getKey() + " " + option.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, String> optionsIn(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : text.split(", ", -1)) {
            String[] words = option.split(" ", 2);
            options.put(words[0], words[words.length - 1]);
        }
        return options;
    }

    /** Reads the stamp of a table; empty where it is no prepared one. */
    public static Optional<PreparationStamp> of(StructType schema) {
        if (schema.getFieldIndex(Columns.ROW_ID).isEmpty()
                || !schema.apply(Columns.ROW_ID).metadata().contains(KEY)) {
            return Optional.empty();
        }
        Metadata made = schema.apply(Columns.ROW_ID).metadata().getMetadata(KEY);
        return Optional.of(new PreparationStamp(
                made.getLong("version"),
                made.getString("model"),
                made.getString("served_name"),
                made.getString("prompt_fingerprint"),
                made.contains("geometry") ? made.getString("geometry") : "", // not in version 1, which is refused
                made.getLong("max_model_len"),
                optionsIn(made.getString("options"))));
    }

    /**
     * Checks that a job can take the table.
     *
     * @throws IllegalArgumentException with what was expected and found
     */
    public void requireUsableBy(PreparationStamp job) {
        if (version != job.version) {
            throw new IllegalArgumentException("expected a prepared table of version " + job.version
                    + ", found version " + version + ": prepare it again");
        }
        if (!promptFingerprint.equals(job.promptFingerprint)) {
            throw new IllegalArgumentException("expected a table prepared with the tokenizer and chat template of "
                    + job.model + ", found one prepared with others, those of " + model + ": prepare it again");
        }
        if (!geometry.equals(job.geometry)) {
            throw new IllegalArgumentException("expected a table prepared for a model of " + job.geometry + ", as "
                    + job.model + " is, found one for " + geometry + ": prepare it again");
        }
        if (maxModelLen > job.maxModelLen) {
            throw new IllegalArgumentException("expected a table prepared for a max-model-len of at most "
                    + job.maxModelLen + ", found one for " + maxModelLen + ": prepare it again, or raise it");
        }
    }

    /** The table for a job whose model has another name: the answers bear that of the model that gave them. */
    public Dataset<Row> renamed(Dataset<Row> prepared, PreparationStamp job) {
        Column model = col(Columns.PREPARED_MODEL);
        return prepared.withColumn(
                Columns.PREPARED_MODEL,
                when(model.equalTo(servedName), lit(job.servedName)).otherwise(model));
    }

    public Dataset<Row> on(Dataset<Row> prepared) {
        Metadata made = new MetadataBuilder()
                .putLong("version", version)
                .putString("model", model)
                .putString("served_name", servedName)
                .putString("prompt_fingerprint", promptFingerprint)
                .putString("geometry", geometry)
                .putLong("max_model_len", maxModelLen)
                .putString("options", text())
                .build();
        return prepared.withMetadata(
                Columns.ROW_ID, new MetadataBuilder().putMetadata(KEY, made).build());
    }
}
