package io.sparkvlm.job.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class SparkOptionsTest {
    private static final String SHUFFLE = "spark.sql.shuffle.partitions";

    @Test
    void oneMachineShufflesInFewPartitionsAndAClusterAsSparkDoes() {
        assertThat(conf("--master=local[2,4]").get(SHUFFLE)).isEqualTo("16");
        assertThat(conf("--master=local[2,4]", "--conf=" + SHUFFLE + "=7").get(SHUFFLE))
                .isEqualTo("7");
        assertThat(conf("--master=spark://host:7077").contains(SHUFFLE)).isFalse();
    }

    private static SparkConf conf(String... options) {
        return CommandLine.populateCommand(new SparkOptions(), options).conf();
    }
}
