import io.sparkvlm.job.SparkVlm;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Asks one question about every picture of a folder, and writes the answers as a Parquet table. */
public final class AskAboutPictures {
    private AskAboutPictures() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected MODEL PICTURES QUESTION ANSWERS, found " + args.length + " words");
        }
        try (SparkSession spark = SparkSession.builder().appName("ask-about-pictures").getOrCreate()) {
            Dataset<Row> pictures =
                    spark.read().format("binaryFile").load(args[1]).select("path", "content");

            // The options are those of the command line; a prompt may name columns, as {path}.
            Dataset<Row> answers = SparkVlm.generateTo(
                    args[3], pictures, Map.of("model", args[0], "image-column", "content", "prompt", args[2]));

            answers.select("path", "status", "text", "error.message").show(20, false);
        }
    }
}
