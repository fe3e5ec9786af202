package io.sparkvlm.job.cli;

import io.sparkvlm.job.doctor.Finding;
import io.sparkvlm.job.doctor.HostFindings;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;
import scala.Tuple2;

/** Looks at the machines of a session's executors, each by the process of an executor that is there. */
final class ExecutorFindings {
    /** After which all executors are taken to be there: a machine has started its JVM by then. */
    private static final Duration NO_MORE_COME = Duration.ofSeconds(10);

    private ExecutorFindings() {}

    /** A finding for each machine, which says all that is not well there. */
    static List<Finding> of(SparkSession spark, Optional<String> model) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        awaitExecutors(context);
        int tasks = context.defaultParallelism(); // one for each core, so that each executor has some
        Map<String, List<Finding>> byHost = new TreeMap<>();
        context.parallelize(Collections.nCopies(tasks, model.orElse("")), tasks)
                .map(new Looking())
                .collect()
                .forEach(found -> byHost.putIfAbsent(found._1(), found._2()));
        return byHost.entrySet().stream()
                .map(host -> HostFindings.inOne(host.getKey(), host.getValue()))
                .toList();
    }

    /** Executors come one after the other, and nothing says how many there will be. */
    private static void awaitExecutors(JavaSparkContext context) {
        long quietSinceNanos = System.nanoTime();
        int known = executors(context);
        while (!context.isLocal() && (known == 0 || System.nanoTime() - quietSinceNanos < NO_MORE_COME.toNanos())) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            int now = executors(context);
            if (now != known) {
                known = now;
                quietSinceNanos = System.nanoTime();
            }
        }
    }

    /** Without the driver. */
    private static int executors(JavaSparkContext context) {
        return context.sc().statusTracker().getExecutorInfos().length - 1;
    }

    /** What a task does: the first of a process looks, and the others say the same. */
    private static final class Looking implements Function<String, Tuple2<String, List<Finding>>>, Serializable {
        /** Static, because an executor is a process, of one machine. */
        private static List<Finding> ofThisProcess = List.of();

        @Override
        public Tuple2<String, List<Finding>> call(String model) {
            synchronized (Looking.class) {
                if (ofThisProcess.isEmpty()) {
                    ofThisProcess =
                            List.copyOf(ProcessFindings.all(Optional.of(model).filter(name -> !name.isEmpty())));
                }
                return new Tuple2<>(Utils.localHostName() + "/" + SparkEnv.get().executorId(), ofThisProcess);
            }
        }
    }
}
