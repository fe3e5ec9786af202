import io.sparkvlm.job.SparkVlm;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Answers a folder of requests, one OpenAI body or Batch line a line, and writes the answers as a Parquet table. */
public final class AnswerRequests {
    private AnswerRequests() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected MODEL REQUESTS MEDIA ANSWERS, found " + args.length + " words");
        }
        try (SparkSession spark = SparkSession.builder().appName("answer-requests").getOrCreate()) {
            Dataset<Row> requests = spark.read().text(args[1]).toDF("request");

            // The options are those of the command line. The model runs here, once, and the table is read back.
            Dataset<Row> answers = SparkVlm.generateTo(
                    args[3], requests, Map.of("model", args[0], "allowed-local-media-path", args[2]));

            answers.select("custom_id", "status", "text", "error.message").show(20, false);
        }
    }
}
