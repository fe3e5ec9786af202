package io.sparkvlm.job.cli;

import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.options.InputOptions;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.inference.RequestOptions;
import io.sparkvlm.job.options.inference.RowRequestOptions;
import io.sparkvlm.job.run.TaskFailures;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has the options that generate and prepare share, and runs a job in a session of Spark. */
abstract class JobCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private InputOptions input;

    @Mixin
    private ModelOption model;

    @Mixin
    private RowRequestOptions requests;

    @Mixin
    private SparkOptions spark;

    /** A job from its start to its summary. */
    @FunctionalInterface
    interface Job<S> {
        S run(SparkSession session, PrintWriter progressTo)
                throws JobRefusedException, JobStoppedException, InterruptedException, IOException;
    }

    final InputSelection input(Configuration hadoop) throws JobRefusedException {
        InputSelection selection = input.selection(hadoop);
        selection.files().notice().ifPresent(line -> spec.commandLine().getErr().println("sparkvlm: " + line));
        return selection;
    }

    final InputOptions inputs() {
        return input;
    }

    final String model() {
        return model.model();
    }

    final RequestOptions requests() {
        return requests;
    }

    final SparkOptions spark() {
        return spark;
    }

    /** @param session that the job runs in; it is closed with the job's end */
    final <S> S run(Job<S> job, SparkSession session)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        PrintWriter progressTo = spec.commandLine().getErr();
        try (session) {
            return TaskFailures.watch(session.sparkContext(), progressTo, () -> job.run(session, progressTo));
        }
    }

    /** The same in a session that may run on. */
    final <S> S run(Job<S> job, OpenedSpark opened)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        SparkSession session = opened.session();
        if (opened.ours()) {
            return run(job, session);
        }
        PrintWriter progressTo = spec.commandLine().getErr();
        return TaskFailures.watchMeanwhile(session.sparkContext(), progressTo, () -> job.run(session, progressTo));
    }

    final void print(String summary) {
        spec.commandLine().getOut().println(summary);
    }
}
