package io.sparkvlm.job.input.parquet;

import io.sparkvlm.job.input.parquet.ParquetFile.Broken;
import io.sparkvlm.job.input.parquet.ParquetFile.Intact;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.PathText;
import io.sparkvlm.job.text.VisibleText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.util.SerializableConfiguration;
import scala.jdk.javaapi.CollectionConverters;

/** Reads the footers of files: on the driver, or on the executors where there are many. */
public final class ParquetFiles {
    /** A footer is a seek or two; a store answers many at once. */
    private static final int DRIVER_THREADS = 16;

    private static final int FILES_ON_DRIVER = 1_000;
    private static final int FILES_PER_TASK = 100;

    private ParquetFiles() {}

    /**
     * What the files hold.
     *
     * @throws JobRefusedException naming the first file that cannot be read, and what is wrong with it
     */
    public static List<ColumnsOfFile> read(List<Path> files, SparkSession spark) throws JobRefusedException {
        Map<String, String> settings = CollectionConverters.asJava(spark.conf().getAll());
        List<ParquetFile> found = files.size() <= FILES_ON_DRIVER
                ? onDriver(files, conf(settings), spark.sparkContext().hadoopConfiguration())
                : onExecutors(files, Map.copyOf(settings), JavaSparkContext.fromSparkContext(spark.sparkContext()));
        List<ColumnsOfFile> readable = new ArrayList<>();
        List<Broken> broken = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Intact file) {
                readable.add(new ColumnsOfFile(files.get(i), file.schema(), file.byRowsOnly()));
            } else if (found.get(i) instanceof Broken file) {
                broken.add(file);
            }
        }
        if (!broken.isEmpty()) {
            throw refusal(broken);
        }
        return readable;
    }

    private static JobRefusedException refusal(List<Broken> broken) {
        Broken first = broken.get(0);
        String others = broken.size() == 1
                ? ""
                : "; and " + Figures.count(broken.size() - 1, "other file") + " of the input cannot be read";
        return new JobRefusedException("the input's Parquet file " + PathText.of(new Path(URI.create(first.uri())))
                + " " + VisibleText.line(first.why()) + others);
    }

    private static List<ParquetFile> onDriver(List<Path> files, SQLConf conf, Configuration hadoop) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(DRIVER_THREADS, Math.max(1, files.size())));
        try {
            List<Future<ParquetFile>> reads = files.stream()
                    .map(file -> threads.submit(() -> ParquetFile.read(file, conf, hadoop)))
                    .toList();
            List<ParquetFile> found = new ArrayList<>();
            for (Future<ParquetFile> read : reads) {
                found.add(read.get());
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading footers", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a footer could not be read", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<ParquetFile> onExecutors(
            List<Path> files, Map<String, String> settings, JavaSparkContext context) {
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        List<String> uris = files.stream().map(file -> file.toUri().toString()).toList();
        return context.parallelize(uris, 1 + files.size() / FILES_PER_TASK)
                .map(uri -> ParquetFile.read(
                        new Path(URI.create(uri)),
                        conf(settings),
                        hadoop.value().value()))
                .collect();
    }

    private static SQLConf conf(Map<String, String> settings) {
        SQLConf conf = new SQLConf();
        settings.entrySet().stream()
                .filter(setting -> setting.getKey().startsWith("spark.sql."))
                .forEach(setting -> conf.setConfString(setting.getKey(), setting.getValue()));
        return conf;
    }
}
