package io.sparkvlm.job.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class RetryBudgetTest {
    @Test
    void aClusterMayLoseManyExecutorsAndKeepsTasksFromThoseThatAreBroken() {
        SparkConf conf = conf("--master=spark://host:7077");
        assertThat(conf.get("spark.task.maxFailures")).isEqualTo("100");
        assertThat(conf.get("spark.stage.maxConsecutiveAttempts")).isEqualTo("100");
        assertThat(conf.get("spark.executor.maxNumFailures")).isEqualTo("100");
        assertThat(conf.get("spark.speculation")).isEqualTo("false");
        assertThat(conf.get("spark.excludeOnFailure.enabled")).isEqualTo("true");
        assertThat(conf.get("spark.excludeOnFailure.task.maxTaskAttemptsPerNode"))
                .as("Spark refuses as many as a task may have in all")
                .isEqualTo("99");
    }

    @Test
    void whatTheUserSaysIsInForce() {
        SparkConf conf = conf(
                "--master=yarn",
                "--conf=spark.task.maxFailures=7",
                "--conf=spark.speculation=true",
                "--conf=spark.executor.maxNumFailures=2");
        assertThat(conf.get("spark.task.maxFailures")).isEqualTo("7");
        assertThat(conf.get("spark.speculation")).isEqualTo("true");
        assertThat(conf.get("spark.executor.maxNumFailures")).isEqualTo("2");
        assertThat(conf.get("spark.excludeOnFailure.task.maxTaskAttemptsPerNode"))
                .isEqualTo("6");
        assertThat(conf("--master=yarn", "--conf=spark.excludeOnFailure.enabled=false")
                        .contains("spark.excludeOnFailure.task.maxTaskAttemptsPerNode"))
                .isFalse();
        assertThat(conf("--master=yarn", "--conf=spark.task.maxFailures=1").contains("spark.excludeOnFailure.enabled"))
                .isFalse();
    }

    @Test
    void theOnlyExecutorOfALocalMasterIsNotExcluded() {
        assertThat(conf("--master=local[2]").contains("spark.excludeOnFailure.enabled"))
                .isFalse();
    }

    private static SparkConf conf(String... options) {
        return CommandLine.populateCommand(new SparkOptions(), options).conf();
    }
}
