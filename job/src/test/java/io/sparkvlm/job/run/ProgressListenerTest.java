package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.spark.InferenceMetrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ProgressListenerTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void hearsOfRowsWhileATaskRunsAndForgetsThoseOfAFailedOne() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            ProgressListener progress = new ProgressListener();
            spark.sparkContext().addSparkListener(progress);
            InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(List.of(1, 2), 2)
                    .foreach(value -> {
                        metrics.exchangedRows().add(1);
                        metrics.rows().add(10);
                        metrics.errorCodes().add(value == 1 ? "one" : "other");
                        if (TaskContext.get().attemptNumber() == 0) {
                            throw new IllegalStateException("the first attempt fails");
                        }
                    });
            // Listeners hear of it after the job's end.
            while (progress.tally().rows() < 20) {
                Thread.sleep(20);
            }
            assertThat(progress.tally())
                    .isEqualTo(new ProgressListener.Tally(2, 20, 0, Map.of("one", 1L, "other", 1L), 0));
        }
    }
}
