package io.sparkvlm.bench.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** Where outputs lie and jobs run: a folder, an HDFS and a cluster of Spark, which start when they are first asked for. */
final class Places implements AutoCloseable {
    private final Path work;
    private Optional<MiniDFSCluster> hdfs = Optional.empty();
    private Optional<StandaloneCluster> cluster = Optional.empty();

    Places(Path work) {
        this.work = work;
    }

    /** The folder or file that is written. */
    String output(Harm harm, int run) throws IOException {
        String name = harm + "-" + run + ".jsonl";
        return switch (harm.place()) {
            case DISK -> work.resolve(name).toString();
            case FLAKY_DISK -> "flaky:" + work.resolve(name);
            case HDFS -> hdfs() + "/" + name;
        };
    }

    Path folder() {
        return work;
    }

    private String hdfs() throws IOException {
        if (hdfs.isEmpty()) {
            Configuration settings = new Configuration();
            settings.set(
                    MiniDFSCluster.HDFS_MINIDFS_BASEDIR, work.resolve("hdfs").toString());
            MiniDFSCluster started =
                    new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
            started.waitActive();
            hdfs = Optional.of(started);
        }
        return hdfs.get().getURI().toString();
    }

    StandaloneCluster cluster() throws IOException, InterruptedException {
        if (cluster.isEmpty()) {
            cluster = Optional.of(StandaloneCluster.start(Files.createDirectories(work.resolve("cluster"))));
        }
        return cluster.get();
    }

    @Override
    public void close() throws InterruptedException {
        hdfs.ifPresent(MiniDFSCluster::shutdown);
        if (cluster.isPresent()) {
            cluster.get().close();
        }
    }
}
