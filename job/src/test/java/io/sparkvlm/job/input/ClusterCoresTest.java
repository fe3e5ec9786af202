package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings say how large a cluster will be, of which two cores are there. */
final class ClusterCoresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 2",
                "spark.executor.cores=8 | 2",
                "spark.executor.cores=8 spark.executor.instances=3 | 24",
                "spark.executor.instances=1 | 2",
                "spark.executor.cores=4 spark.executor.instances=9 spark.cores.max=12 | 12",
                "spark.executor.cores=8 spark.dynamicAllocation.enabled=true spark.dynamicAllocation.maxExecutors=5 |"
                        + " 40",
                "spark.executor.cores=8 spark.dynamicAllocation.enabled=true | 256",
                "spark.dynamicAllocation.enabled=true spark.dynamicAllocation.maxExecutors=2147483647 | 4096",
                "spark.executor.instances=100 spark.default.parallelism=2 | 2"
            })
    void coresAreThoseThatTheJobWillHave(String settings, int cores) {
        SparkConf conf = new SparkConf(false);
        for (String setting : settings.split(" ", -1)) {
            if (!setting.isEmpty()) {
                String[] parts = setting.split("=", 2);
                conf.set(parts[0], parts[1]);
            }
        }
        assertThat(ClusterCores.of(conf, 2)).isEqualTo(cores);
    }
}
