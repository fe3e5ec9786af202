package io.sparkvlm.job;

import io.sparkvlm.job.cli.GenerateOptionsParser;
import io.sparkvlm.job.cli.OptionDefaults;
import io.sparkvlm.job.input.DataFrameSource;
import io.sparkvlm.job.input.DropColumns;
import io.sparkvlm.job.input.files.DamagedInput;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The job as a transformation of a DataFrame, for programs and notebooks that have a Spark session.
 *
 * <p>The requests are a column {@code request} or {@code body} (the JSON of an OpenAI body or Batch line), or a column
 * {@code messages} (JSON, or an array of structures) with the parameters in columns of their names. A column
 * {@code custom_id} names rows as in a Batch line; all but the first of equal ones are refused. Other columns are carried
 * through, and a request names files in them as {@code column:PATH}. With the options {@code image-column},
 * {@code prompt} and the like there are no requests, but pictures and prompts in columns.
 *
 * <p>A column {@code row_id} says where a row stood; its values must differ and should be the same in every run, because
 * the row's seed is derived from them. Without it a row is named by a hash of all its columns and a count of the rows
 * that equal it, for which the requests are shuffled once.
 *
 * <p>The options are those of the command line without their dashes, except for what it reads and writes. Spark's
 * configuration ({@code spark.sparkvlm.KEY}) is asked for those that are not given. With {@code preprocessing} as
 * {@code staged} the media are fetched and decoded at once, by a stage that runs before the answers are described; what
 * it made is kept in Spark's exchange for every action.
 */
public final class SparkVlm {
    private static final String TIMESTAMP_TYPE = "spark.sql.parquet.outputTimestampType";

    private SparkVlm() {}

    /**
     * Describes the answers; the model runs when an action asks for them, and again for every further action.
     *
     * <p>So give them one action: write them and read them back, as {@link #generateTo} does. Do not count, show, sort
     * or join them before, and do not trust a cache: what it loses, the model computes again. The requests themselves are
     * read a second time where custom_ids may repeat.
     *
     * @param requests see above
     * @param options values by their keys, as {@code model} or {@code max-num-seqs}
     * @return a row for each row, in the layout of the output table
     * @throws IllegalArgumentException in one line, for what the command line would refuse
     */
    public static Dataset<Row> generate(Dataset<Row> requests, Map<String, String> options) {
        try {
            return answers(requests, parsed(requests.sparkSession(), options));
        } catch (JobRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Answers the requests once, writes the answers as Parquet and reads them back.
     *
     * @param output a folder that is not there yet, or empty
     * @return what was written, to be looked at as often as one likes
     * @throws IllegalArgumentException in one line, for what the command line would refuse
     */
    public static Dataset<Row> generateTo(String output, Dataset<Row> requests, Map<String, String> options)
            throws IOException {
        SparkSession spark = requests.sparkSession();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        try {
            return written(
                    OutputFolder.unused(output, OutputFormat.PARQUET, hadoop),
                    answers(requests, parsed(spark, options)));
        } catch (JobRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Dataset<Row> answers(Dataset<Row> requests, GenerateOptionsParser options)
            throws JobRefusedException {
        InferenceConfig config =
                options.config(requests.sparkSession().sparkContext().hadoopConfiguration());
        return answers(new DataFrameSource(requests, options.columns()), config, options.preprocessing(config));
    }

    static Dataset<Row> answers(DataFrameSource requests, InferenceConfig config, PreprocessingMode mode)
            throws JobRefusedException {
        Dataset<Row> table = requests.read();
        DropColumns.require(table.schema(), config.preprocessing().dropColumns());
        InferenceMetrics metrics =
                InferenceMetrics.register(table.sparkSession().sparkContext());
        return mode.answers(table, config, metrics, rows -> rows);
    }

    static Dataset<Row> written(OutputFolder output, Dataset<Row> answers) throws JobRefusedException, IOException {
        SparkSession spark = answers.sparkSession();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        boolean chosen = spark.conf().getAll().contains(TIMESTAMP_TYPE);
        if (!chosen) { // Spark's own INT96 loses the zone, and pyarrow takes the year 9999 for 1816.
            spark.conf().set(TIMESTAMP_TYPE, "TIMESTAMP_MICROS");
        }
        try (OutputLock lock = output.lockUnused(hadoop)) {
            // The folder was found unused; Append does not mind that it is there.
            answers.write().mode(SaveMode.Append).parquet(output.table().toString());
            lock.requireHeld();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            Optional<String> damage = DamagedInput.of(e);
            if (damage.isPresent()) {
                throw new JobRefusedException(damage.get(), e);
            }
            throw e;
        } finally {
            if (!chosen) {
                spark.conf().unset(TIMESTAMP_TYPE);
            }
        }
        return output.read(spark);
    }

    private static GenerateOptionsParser parsed(SparkSession spark, Map<String, String> options)
            throws JobRefusedException {
        return GenerateOptionsParser.parse(options, OptionDefaults.ofSession(spark));
    }
}
