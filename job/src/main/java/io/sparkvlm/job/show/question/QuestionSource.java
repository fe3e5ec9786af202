package io.sparkvlm.job.show.question;

import io.sparkvlm.job.input.PreparedTableFiles;
import io.sparkvlm.job.input.RequestSources;
import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Finds the requests that an output answers, and reads from them what rows asked.
 *
 * @param files where the requests are; empty where they cannot be found
 * @param roles what the columns of a table among them are for
 * @param reason why there are none: one line that says how to give them
 */
public record QuestionSource(Optional<RequestFiles> files, ColumnRoles roles, String reason) {
    private static final String REMEDY = "--input, and --allowed-local-media-path for its files, say where they are";

    /**
     * Looks where the user says, else where the job read them.
     *
     * @throws JobRefusedException when they are not where the user says
     */
    public static QuestionSource find(
            Optional<String> input, InputFormat format, Optional<RunRecord> run, Configuration hadoop)
            throws JobRefusedException {
        ColumnRoles roles = run.isPresent() ? run.get().roles() : ColumnRoles.NONE;
        if (input.isPresent()) {
            return new QuestionSource(Optional.of(RequestFiles.find(input.get(), format, hadoop)), roles, "");
        }
        if (run.isEmpty()) {
            return unknown("the output has no " + RunRecord.FILE_NAME + " that names its requests");
        }
        if (run.get().inputs().isEmpty()) {
            return unknown("the job read a table or a query");
        }
        try {
            return new QuestionSource(
                    Optional.of(RequestFiles.find(run.get().inputs(), run.get().inputFormat(), hadoop)), roles, "");
        } catch (JobRefusedException e) {
            return unknown(e.getMessage());
        }
    }

    /**
     * Reads what rows asked.
     *
     * @param customIdOfRow the custom_ids that the rows were answered under, by row id
     */
    public QuestionsByRow of(Map<String, String> customIdOfRow, Illustrator illustrator, SparkSession spark)
            throws JobRefusedException {
        if (files.isEmpty()) {
            return QuestionsByRow.unknown(reason);
        }
        if (PreparedTableFiles.of(files.get(), spark).isPresent()) {
            return QuestionsByRow.unknown(reason("the job read a prepared table, which holds no questions"));
        }
        Set<String> named = customIdOfRow.keySet().stream().map(RowId::file).collect(Collectors.toSet());
        RequestFiles needed = files.get().named(named);
        return needed.files().isEmpty()
                ? QuestionsByRow.gone()
                : QuestionsByRow.read(
                        RequestSources.of(needed, roles).read(spark, note -> {}), customIdOfRow, illustrator);
    }

    private static QuestionSource unknown(String why) {
        return new QuestionSource(Optional.empty(), ColumnRoles.NONE, reason(why));
    }

    private static String reason(String why) {
        return "Questions are not shown: " + why + "; " + REMEDY + ".";
    }
}
