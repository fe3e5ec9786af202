package io.sparkvlm.bench.kill;

import io.sparkvlm.job.kill.JobProcess;
import io.sparkvlm.job.kill.KilledJob;
import io.sparkvlm.job.kill.Trial;
import io.sparkvlm.job.output.OutputFormat;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What may happen to a job until it has ended well. */
enum Harm {
    /** kill -9 after a random number of files, three times. */
    DRIVER_KILLED {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            for (int i = 0; i < KILLS_OF_A_DRIVER; i++) {
                trial.killAfter(1 + RANDOM.nextInt(30));
            }
            trial.finish();
        }
    },
    /** The same where rows are prepared in a stage before. */
    STAGED_DRIVER_KILLED {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            for (int i = 0; i < KILLS_OF_A_DRIVER; i++) {
                int begun = trial.load().pictures().served()
                        + 1
                        + RANDOM.nextInt(trial.load().rows());
                try (JobProcess job = trial.start(STAGED)) {
                    if (job.await(() -> trial.load().pictures().served() >= begun)) {
                        trial.kill(job);
                    }
                }
            }
            trial.finish(STAGED);
        }
    },
    HDFS_DRIVER_KILLED(OutputFormat.PARQUET, Place.HDFS) {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            DRIVER_KILLED.happenTo(trial, places);
        }
    },
    BATCH_DRIVER_KILLED(OutputFormat.OPENAI_BATCH, Place.DISK) {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            DRIVER_KILLED.happenTo(trial, places);
        }
    },
    FILE_DRIVER_KILLED(OutputFormat.BATCH_FILE, Place.DISK) {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            DRIVER_KILLED.happenTo(trial, places);
        }
    },
    /** kill -9 at one moment after the other, each in a start of its own that goes on from the last. */
    WINDOWS(
            OutputFormat.PARQUET,
            List.of(
                    "CREATED:lease-",
                    "DELETES:tasks",
                    "BEFORE:_sparkvlm.json",
                    "HALF_COPIED:_sparkvlm.json",
                    "DONE:_sparkvlm.json",
                    "ENGINE_LOADS",
                    "ENGINE_ANSWERS",
                    "CREATED:part-",
                    "OPENS:part-", // it is closed, and not offered yet
                    "BEFORE:part-", // it is offered
                    "HALF_COPIED:part-",
                    "COPIED:part-",
                    "DONE:part-",
                    "BEFORE:_SUCCESS",
                    "HALF_COPIED:_SUCCESS",
                    "COPIED:_SUCCESS")),
    WINDOWS_OF_THE_END(OutputFormat.PARQUET, List.of("HALF_COPIED:part-", "DONE:_SUCCESS")),
    WINDOW_ENGINE_CLOSES(OutputFormat.PARQUET, List.of("ENGINE_CLOSES")),
    WINDOW_LEASE_DELETED(OutputFormat.PARQUET, List.of("DELETES:lease-")),
    WINDOWS_OF_A_BATCH(
            OutputFormat.OPENAI_BATCH,
            List.of(
                    "DELETES:table",
                    "COPIED:part-",
                    "BEFORE:output.jsonl",
                    "HALF_COPIED:output.jsonl",
                    "DONE:output.jsonl", // between the two files
                    "COPIED:errors.jsonl",
                    "BEFORE:_SUCCESS",
                    "DONE:_SUCCESS")),
    WINDOWS_OF_A_FILE(OutputFormat.BATCH_FILE, List.of("HALF_COPIED:windows-", "DONE:windows-")),
    /** While a picture is on its way, and others are decoded. */
    WINDOW_MEDIA {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            int begun = 50 + RANDOM.nextInt(trial.load().rows() / 2);
            try (JobProcess job = trial.start()) {
                if (job.await(() -> trial.load().pictures().served() >= begun)) {
                    trial.kill(job);
                }
            }
            trial.finish();
        }
    },
    /** kill -9 of five executors of a standalone cluster. */
    EXECUTORS_KILLED {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            StandaloneCluster cluster = places.cluster();
            trial.load().pictures().delay(row -> 40);
            try (JobProcess job = trial.start(cluster.settings(1))) {
                for (int i = 0; i < 5; i++) {
                    int files = trial.publishedFiles() + 1 + RANDOM.nextInt(12);
                    if (trial.awaitPublished(files, job)) {
                        List<ProcessHandle> executors = cluster.executors();
                        if (!executors.isEmpty()) {
                            executors.get(RANDOM.nextInt(executors.size())).destroyForcibly();
                            trial.countKill();
                        }
                    }
                }
                expectGoodEnd(job, trial);
            }
        }
    },
    /** An executor is asked to go, where Spark adds and takes executors as it needs them. */
    EXECUTOR_DECOMMISSIONED {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            StandaloneCluster cluster = places.cluster();
            trial.load().pictures().delay(row -> 250);
            try (JobProcess job = trial.start(concat(
                    cluster.settings(1),
                    "spark.decommission.enabled=true",
                    "spark.executor.decommission.killInterval=30s",
                    "spark.dynamicAllocation.enabled=true",
                    "spark.dynamicAllocation.shuffleTracking.enabled=true",
                    "spark.dynamicAllocation.executorIdleTimeout=2s"))) {
                if (trial.awaitPublished(2, job) && !cluster.executors().isEmpty()) {
                    StandaloneCluster.signal(cluster.executors().get(0), "PWR");
                    trial.countKill();
                }
                expectGoodEnd(job, trial);
            }
        }
    },
    /** On one of two machines no engine opens, so that its tasks fail in no time. */
    EXECUTOR_BROKEN {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            trial.load().pictures().delay(row -> 40);
            String[] settings =
                    concat(places.cluster().settings(1), places.cluster().retryBudget());
            try (JobProcess job =
                    trial.start(concat(settings, "broken=127.0.0.2", "spark.sql.files.maxPartitionBytes=8000"))) {
                expectGoodEnd(job, trial);
                trial.countKill();
            }
        }
    },
    /** SIGSTOP until Spark takes the executor for dead and runs its tasks elsewhere; then SIGCONT. */
    EXECUTOR_PAUSED {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            StandaloneCluster cluster = places.cluster();
            trial.load().pictures().delay(row -> 250);
            try (JobProcess job = trial.start(cluster.settings(1))) {
                if (trial.awaitPublished(2, job) && !cluster.executors().isEmpty()) {
                    ProcessHandle executor = cluster.executors().get(0);
                    StandaloneCluster.signal(executor, "STOP");
                    trial.countKill();
                    TimeUnit.SECONDS.sleep(14); // the cluster's timeout is 8 s, looked at once in a while
                    StandaloneCluster.signal(executor, "CONT");
                }
                expectGoodEnd(job, trial);
            }
        }
    },
    /** Speculation runs the slow rows' task a second time. */
    STRAGGLER {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            int rows = trial.load().rows();
            trial.load().pictures().delay(row -> row < rows / 8 ? 6_000 : 0);
            String[] settings = places.cluster().settings(2);
            try (JobProcess job = trial.start(concat(
                    settings,
                    "spark.speculation=true",
                    "spark.speculation.quantile=0.25",
                    "spark.speculation.multiplier=1.2",
                    "spark.speculation.interval=200ms",
                    "spark.sql.files.maxPartitionBytes=60000",
                    "spark.speculation.minTaskRuntime=500ms"))) {
                expectGoodEnd(job, trial);
                trial.countKill();
                if (trial.load().pictures().served() == rows) {
                    trial.complain("no row was begun twice, so no task ran a second time");
                }
            }
        }
    },
    /** One of two must be refused, and soon. */
    TWO_DRIVERS {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            long started = System.nanoTime();
            try (JobProcess one = trial.start();
                    JobProcess other = trial.start()) {
                while (one.process().isAlive() && other.process().isAlive()) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                Duration first = Duration.ofNanos(System.nanoTime() - started);
                int ends = one.exitCode() * 10 + other.exitCode();
                if (ends != 20 && ends != 2) {
                    trial.complain("expected one to be refused and the other to end well, found exit codes "
                            + one.exitCode() + " and " + other.exitCode());
                }
                if (first.toSeconds() >= 10) {
                    trial.complain("refused after " + first.toMillis() + " ms");
                }
            }
        }
    },
    /** With leases for locks both may be refused, never both run. */
    HDFS_TWO_DRIVERS(OutputFormat.PARQUET, Place.HDFS) {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            try (JobProcess one = trial.start();
                    JobProcess other = trial.start()) {
                if (one.exitCode() == 0 && other.exitCode() == 0) {
                    trial.complain("both ran");
                }
            }
            trial.finish();
        }
    },
    /** A file takes all but some of the disk's room, and goes once the job has failed. */
    DISK_FULL {
        @Override
        void happenTo(Trial trial, Places places) throws Exception {
            FileStore disk = Files.getFileStore(places.folder());
            if (disk.getTotalSpace() > 64L << 20) {
                trial.complain("not tried: " + places.folder() + " lies on a disk of more than 64 MiB");
            } else {
                Path ballast = places.folder().resolve("ballast");
                Files.write(ballast, new byte[(int) disk.getUsableSpace() - (100 << 10)]);
                try (JobProcess job = trial.start()) {
                    if (job.exitCode() == 0) {
                        trial.complain("ended well on a full disk");
                    }
                } finally {
                    Files.delete(ballast);
                }
                trial.countKill();
            }
            trial.finish();
        }
    },
    FAILS_1_PERCENT(0.01),
    FAILS_10_PERCENT(0.1),
    FAILS_50_PERCENT(0.5);

    private static final int KILLS_OF_A_DRIVER = 3;
    private static final String STAGED = "preprocessing=STAGED";
    private static final Random RANDOM = new Random();

    private final OutputFormat format;
    private final Place place;

    @SuppressWarnings("ImmutableEnumChecker") // those of List.of and toList do not change
    private final List<String> harms;

    /** What an output lies on. */
    enum Place {
        DISK,
        FLAKY_DISK,
        HDFS
    }

    Harm() {
        this(OutputFormat.PARQUET, Place.DISK);
    }

    Harm(OutputFormat format, Place place) {
        this(format, place, List.of());
    }

    /** The end of the process at moments. */
    Harm(OutputFormat format, List<String> moments) {
        this(
                format,
                Place.FLAKY_DISK,
                moments.stream().map(moment -> "ends=" + moment).toList());
    }

    /** A file system that fails at a share of renames and creations, before or after it has done them. */
    Harm(double share) {
        this(OutputFormat.PARQUET, Place.FLAKY_DISK, Collections.nCopies(3, "fails=" + share));
    }

    /** @param harms what the starts are told, one after the other */
    Harm(OutputFormat format, Place place, List<String> harms) {
        this.format = format;
        this.place = place;
        this.harms = harms;
    }

    OutputFormat format() {
        return format;
    }

    Place place() {
        return place;
    }

    /** Runs the trial to its end. */
    void happenTo(Trial trial, Places places) throws Exception {
        for (String harm : harms) {
            try (JobProcess job = trial.start(harm)) {
                int exitCode = job.exitCode();
                if (exitCode != 0) {
                    trial.countKill();
                }
                if (harm.startsWith("ends") && exitCode != KilledJob.KILLED) {
                    trial.complain("the moment did not come, and the exit code was " + exitCode + ": " + harm);
                }
            }
        }
        trial.finish();
    }

    private static void expectGoodEnd(JobProcess job, Trial trial) throws Exception {
        if (job.exitCode() != 0) {
            trial.complain("expected the job to end well, found exit code " + job.exitCode());
            trial.finish();
        }
    }

    private static String[] concat(String[] some, String... others) {
        String[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
