package io.sparkvlm.job.ml;

import io.sparkvlm.job.SparkVlm;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Answers the requests of one column into another, as {@link SparkVlm#generate} does; all other columns stay.
 *
 * <p>The model runs with every action, as for {@code generate}: write what a pipeline makes, and go on from what was written.
 * Columns {@code row_id} and {@code custom_id} name rows as they do there.
 */
public final class VlmTransformer extends Transformer implements DefaultParamsWritable {
    /** The only engine; a setting, because programs that were written for DJL's extension name theirs. */
    private static final String ENGINE = "SparkVLM";

    private final String uid;
    private final Param<String> engine;
    private final Param<String> modelUrl;
    private final IntParam batchSize;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> outputClass;
    private final StringArrayParam options;

    public VlmTransformer() {
        this(Identifiable.randomUID("sparkvlm"));
    }

    /** One of this name, as a saved pipeline has it. */
    public VlmTransformer(String uid) {
        this.uid = uid;
        engine = new Param<>(this, "engine", "the engine: " + ENGINE, ParamValidators.inArray(List.of(ENGINE)));
        modelUrl = new Param<>(
                this, "modelUrl", "the checkpoint: a folder, as a path or file: URL, or Org/Name in the local cache");
        batchSize = new IntParam(this, "batchSize", "rows that an engine works on at once", ParamValidators.gtEq(1));
        inputCol = new Param<>(this, "inputCol", "the column with requests: the JSON of bodies or Batch lines");
        outputCol = new Param<>(this, "outputCol", "the column for answers, which is not there yet");
        outputClass = new Param<>(
                this,
                "outputClass",
                "what an answer is: one of " + AnswerType.classNames(),
                ParamValidators.inArray(AnswerType.classNames()));
        options = new StringArrayParam(this, "options", "options of generate, as KEY=VALUE");
        setDefault(engine, ENGINE);
        setDefault(outputClass, AnswerType.WHOLE.className());
        setDefault(options, new String[0]);
    }

    /** Reads one that was saved; Spark ML calls it for those in pipelines. */
    public static MLReader<VlmTransformer> read() {
        return new DefaultParamsReadable<VlmTransformer>() {}.read();
    }

    public static VlmTransformer load(String path) {
        return read().load(path);
    }

    public VlmTransformer setEngine(String value) {
        set(engine, value);
        return this;
    }

    public VlmTransformer setModelUrl(String value) {
        set(modelUrl, value);
        return this;
    }

    public VlmTransformer setBatchSize(int value) {
        set(batchSize, value);
        return this;
    }

    public VlmTransformer setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    public VlmTransformer setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /** {@code String.class} for the texts, null where a row is an error; {@code Row.class} for all of an answer. */
    public VlmTransformer setOutputClass(Class<?> value) {
        set(outputClass, value.getName());
        return this;
    }

    /** Those of {@link SparkVlm#generate}, without the model. */
    public VlmTransformer setOptions(Map<String, String> values) {
        set(
                options,
                values.entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .sorted()
                        .toArray(String[]::new));
        return this;
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> engine() {
        return engine;
    }

    public Param<String> modelUrl() {
        return modelUrl;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public Param<String> outputClass() {
        return outputClass;
    }

    public StringArrayParam options() {
        return options;
    }

    @Override
    public VlmTransformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return column().schema(schema);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema(), true);
        return column().added(dataset.toDF(), requests -> SparkVlm.generate(requests, generateOptions()));
    }

    private AnswerColumn column() {
        return new AnswerColumn(given(inputCol), given(outputCol), AnswerType.ofClass(getOrDefault(outputClass)));
    }

    private Map<String, String> generateOptions() {
        Map<String, String> values = new HashMap<>();
        Arrays.stream(getOrDefault(options))
                .map(option -> option.split("=", 2))
                .forEach(option -> values.put(option[0], option.length == 1 ? "true" : option[1]));
        String url = given(modelUrl);
        values.put("model", url.startsWith("file:") ? Path.of(URI.create(url)).toString() : url);
        if (isSet(batchSize)) {
            values.put("max-num-seqs", String.valueOf(getOrDefault(batchSize)));
        }
        return values;
    }

    private String given(Param<String> param) {
        if (!isDefined(param)) {
            throw new IllegalArgumentException("expected " + param.name() + " to be set: " + param.doc());
        }
        return getOrDefault(param);
    }
}
