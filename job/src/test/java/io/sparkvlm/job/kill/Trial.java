package io.sparkvlm.job.kill;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/** The making of one output by jobs that come to harm, until one of them ends well. */
public final class Trial {
    /** More starts than these are no progress. */
    private static final int MOST_STARTS = 40;

    /** One, because a new one reads its files: those who wait ask every few milliseconds. */
    private static final Configuration HADOOP = new Configuration();

    private final Workload load;
    private final JobCommand command;
    private final Map<String, String> undisturbed;
    private final Path log;
    private final List<String> complaints = new ArrayList<>();
    private int starts;
    private int kills;

    /**
     * What became of it.
     *
     * @param begunAgain rows
     * @param kills processes that were ended, of which each may cost rows
     * @param complaints what else was not as it should be
     */
    public record Result(OutputCheck check, int begunAgain, int starts, int kills, List<String> complaints) {
        public boolean isClean() {
            return check.isClean() && complaints.isEmpty();
        }
    }

    /**
     * Begins with no row, and with pictures that come at once.
     *
     * @param undisturbed as {@link OutputCheck#contents} has a job's that nothing happened to
     */
    public Trial(Workload load, JobCommand command, Map<String, String> undisturbed, Path log) {
        this.load = load;
        this.command = command;
        this.undisturbed = Map.copyOf(undisturbed);
        this.log = log;
        load.pictures().forget();
        load.pictures().delay(row -> 0);
    }

    public Workload load() {
        return load;
    }

    public JobCommand command() {
        return command;
    }

    /** Starts the command, with what is to happen to it this time. */
    public JobProcess start(String... harm) throws IOException {
        starts++;
        return command.with(harm).start(log);
    }

    public void complain(String complaint) {
        complaints.add(complaint);
    }

    /** Ends a process, and counts it. */
    public void kill(JobProcess job) throws InterruptedException {
        job.kill();
        kills++;
    }

    public void countKill() {
        kills++;
    }

    /** Starts the command, and kills it when so many more files are published than now; whether it came to that. */
    public boolean killAfter(int files) throws Exception {
        try (JobProcess job = start()) {
            if (!awaitPublished(publishedFiles() + files, job)) {
                return false;
            }
            kill(job);
            return true;
        }
    }

    /** Waits until so many files are published; whether the job lives then. */
    public boolean awaitPublished(int files, JobProcess job) throws Exception {
        return job.await(() -> publishedFiles() >= files);
    }

    /** Starts the command until it ends well. */
    public void finish(String... harm) throws Exception {
        int exitCode = -1;
        for (int tried = 0; exitCode != 0 && tried < MOST_STARTS; tried++) {
            try (JobProcess job = start(harm)) {
                exitCode = job.exitCode();
            }
        }
        if (exitCode != 0) {
            complain("not finished after " + starts + " starts");
        }
    }

    /** Files of rows that readers see. */
    public int publishedFiles() throws IOException, JobRefusedException {
        org.apache.hadoop.fs.Path table =
                OutputFolder.of(plainOutput(), command.format(), HADOOP).table();
        FileSystem system = table.getFileSystem(HADOOP);
        return system.exists(table)
                ? system.listStatus(table, path -> path.getName().startsWith("part-")).length
                : 0;
    }

    /** What the output holds now. */
    public Result result(SparkSession spark) throws IOException {
        int begunAgain = load.pictures().served() - load.rows();
        return new Result(
                OutputCheck.of(
                        Workload.rowIds(load.input()),
                        OutputCheck.contents(plainOutput(), command.format(), spark),
                        undisturbed),
                begunAgain,
                starts,
                kills,
                complaints);
    }

    /** The same files as a file system has them that does not fail. */
    private String plainOutput() {
        return command.output().replaceFirst("^flaky:", "file:");
    }
}
