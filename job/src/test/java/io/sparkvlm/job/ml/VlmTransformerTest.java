package io.sparkvlm.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.SparkVlm;
import io.sparkvlm.spark.table.Columns;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VlmTransformerTest {
    private static final Path CHECKPOINT = Path.of("../src/test/resources/reference/tied/checkpoint")
            .toAbsolutePath()
            .normalize();

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @TempDir
    private Path folder;

    /** With columns that the job takes, or calls as the output's own. */
    private final Dataset<Row> table = spark.sql(
            "select id as row_id, cast(id % 3 as string) as body, binary('x') as Media,"
                    + " 'n' as messages, if(id = 4, 'nonsense', concat('{\"messages\":[{\"role\":\"user\",\"content\":\"hi ', id,"
                    + " '\"}],\"temperature\":1,\"max_tokens\":4}')) as question, 'c' || id as custom_id, id * 2 as `a.b` from range(6)");

    @Test
    void aPipelineThatWasSavedAnswersAsTheJobDoes() throws Exception {
        VlmTransformer stage = transformer().setOutputClass(Row.class);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {stage});
        Path saved = folder.resolve("pipeline");
        pipeline.fit(table).write().save(saved.toString());

        PipelineModel loaded = PipelineModel.load(saved.toString());
        Dataset<Row> answered = loaded.transform(table);

        assertThat(loaded.stages()[0].uid()).isEqualTo(stage.uid());
        assertThat(answered.schema()).isEqualTo(loaded.transformSchema(table.schema()));
        assertThat(answered.drop("answer").orderBy("row_id").collectAsList())
                .isEqualTo(table.orderBy("row_id").collectAsList());
        List<Row> generated = SparkVlm.generate(
                        table.selectExpr("row_id", "custom_id", "question as request"),
                        Map.of("model", CHECKPOINT.toString(), "dtype", "float32", "seed", "7"))
                .select("row_id", "custom_id", "status", "text", "params", "error")
                .orderBy("row_id")
                .collectAsList();
        assertThat(answered.selectExpr("answer.*")
                        .select("row_id", "custom_id", "status", "text", "params", "error")
                        .orderBy("row_id")
                        .collectAsList())
                .isEqualTo(generated)
                .filteredOn(row -> row.<String>getAs("status").equals("error"))
                .hasSize(1);
    }

    @Test
    void givesTextsWhereTheyAreWanted() {
        Dataset<Row> answered = transformer().setOutputClass(String.class).transform(table);

        assertThat(answered.schema().apply("answer").dataType()).isEqualTo(DataTypes.StringType);
        assertThat(answered.orderBy("row_id").select("answer").collectAsList())
                .extracting(row -> row.isNullAt(0))
                .containsExactly(false, false, false, false, true, false);
    }

    @Test
    void refusesWhatItDoesNotTakeByName() {
        assertThat(refusal(transformer().setInputCol("Media2")))
                .isEqualTo("expected the inputCol \"Media2\" among the columns, found row_id, body, Media, messages,"
                        + " question, custom_id, a.b");
        assertThat(refusal(transformer().setInputCol("a.b")))
                .isEqualTo("expected the inputCol \"a.b\" to hold JSON as a string, found bigint");
        assertThat(refusal(transformer().setOutputCol("Question")))
                .isEqualTo("expected an outputCol that is not there yet, found \"Question\" among the columns");
        assertThat(refusal(new VlmTransformer().setInputCol("question").setOutputCol("answer")))
                .startsWith("expected modelUrl to be set");
        assertThat(refusal(transformer().setOptions(Map.of("drop-columns", "Media"))))
                .startsWith("expected options that leave all columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VlmTransformer("mine").setEngine("PyTorch"))
                .withMessageContaining("engine given invalid value PyTorch");
        assertThatIllegalArgumentException().isThrownBy(() -> new VlmTransformer().setOutputClass(Integer.class));
    }

    @Test
    void copiesWithOtherParameters() {
        VlmTransformer stage = transformer();
        VlmTransformer copy = stage.copy(new ParamMap().put(stage.outputCol().w("other")));

        assertThat(copy.uid()).isEqualTo(stage.uid());
        assertThat(names(copy.transformSchema(table.schema()))).endsWith("other");
        assertThat(names(stage.transformSchema(table.schema()))).endsWith("answer");
        assertThat(stage.transformSchema(table.schema()).apply("answer").dataType())
                .isEqualTo(Columns.OUTPUT);
        assertThat(stage.params())
                .extracting(param -> param.name())
                .containsExactly("batchSize", "engine", "inputCol", "modelUrl", "options", "outputClass", "outputCol");
    }

    private static VlmTransformer transformer() {
        return new VlmTransformer()
                .setEngine("SparkVLM")
                .setModelUrl(CHECKPOINT.toUri().toString())
                .setBatchSize(4)
                .setInputCol("question")
                .setOutputCol("answer")
                .setOptions(Map.of("dtype", "float32", "seed", "7"));
    }

    private String refusal(VlmTransformer transformer) {
        try {
            transformer.transform(table);
            return "none";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static List<String> names(StructType schema) {
        return Arrays.asList(schema.fieldNames());
    }
}
