import io.sparkvlm.job.ml.VlmTransformer;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Answers a folder of requests by a pipeline of Spark ML that was saved, and writes the answers as a Parquet table. */
public final class AnswerInPipeline {
    private AnswerInPipeline() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected MODEL REQUESTS MEDIA ANSWERS, found " + args.length + " words");
        }
        try (SparkSession spark = SparkSession.builder().appName("answer-in-pipeline").getOrCreate()) {
            Dataset<Row> requests = spark.read().text(args[1]).toDF("question");

            VlmTransformer answering = new VlmTransformer()
                    .setModelUrl(args[0])
                    .setBatchSize(32)
                    .setInputCol("question")
                    .setOutputCol("answer")
                    .setOutputClass(Row.class)
                    // The options are those of the command line.
                    .setOptions(Map.of("allowed-local-media-path", args[2]));
            String saved = args[3] + ".pipeline";
            new Pipeline().setStages(new PipelineStage[] {answering}).fit(requests).save(saved);

            // The model runs here, once; what comes after reads what was written.
            PipelineModel.load(saved).transform(requests).select("question", "answer.*").write().parquet(args[3]);
        }
    }
}
