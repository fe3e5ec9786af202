package io.sparkvlm.job;

import io.sparkvlm.job.cli.GenerateOptionsParser;
import io.sparkvlm.job.cli.RootCommand;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.input.DataFrameSource;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.run.DataFrameJob;
import io.sparkvlm.job.run.Repeats;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
 * configuration ({@code spark.sparkvlm.KEY}) is asked for those that are not given; its {@code dedupe} holds where there is an
 * output. With {@code preprocessing} as
 * {@code staged} the media are fetched and decoded at once, by a stage that runs before the answers are described; what
 * it made is kept in Spark's exchange for every action.
 */
public final class SparkVlm {
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
            GenerateOptionsParser parsed = parsed(requests.sparkSession(), options);
            if (options.containsKey("dedupe")
                    && parsed.repeats() == Repeats.COPIED) { // of the session, it is for outputs
                throw new JobRefusedException("expected an output with dedupe, which copies answers that are written,"
                        + " found none: give one, or leave dedupe out");
            }
            return job(requests, parsed).answers();
        } catch (JobRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Answers the requests once, writes the answers as Parquet and reads them back.
     *
     * <p>The answers are there once all are: when it is killed, it begins from the beginning. With the option {@code dedupe}
     * the requests are read several times, and must be the same each time.
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
            GenerateOptionsParser parsed = parsed(spark, options);
            return job(requests, parsed)
                    .write(OutputFolder.unused(output, OutputFormat.PARQUET, hadoop), parsed.repeats());
        } catch (JobRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Runs a command that looks at tables in the session that is open: {@code report}, {@code show}, {@code evaluate}, {@code
     * compare}, or {@code generate} with {@code --dry-run}. The session's settings hold, and stay as they are; {@code --master} and
     * {@code --conf} are for a session that the command starts itself.
     *
     * @param command its name and arguments, as on the command line
     * @return what it prints
     * @throws IllegalArgumentException in one line, for what the command line would refuse
     * @throws IllegalStateException in one line, when it was aborted
     */
    public static String run(String... command) {
        try {
            return RootCommand.printed(command);
        } catch (JobRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static DataFrameJob job(Dataset<Row> requests, GenerateOptionsParser options) throws JobRefusedException {
        InferenceConfig config =
                options.config(requests.sparkSession().sparkContext().hadoopConfiguration());
        return new DataFrameJob(
                new DataFrameSource(requests, options.columns()), config, options.preprocessing(config));
    }

    private static GenerateOptionsParser parsed(SparkSession spark, Map<String, String> options)
            throws JobRefusedException {
        return GenerateOptionsParser.parse(options, OptionDefaults.ofSession(spark));
    }
}
