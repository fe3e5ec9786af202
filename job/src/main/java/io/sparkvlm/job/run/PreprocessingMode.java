package io.sparkvlm.job.run;

import io.sparkvlm.job.input.ClusterCores;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Chooses the tasks in which media are fetched, decoded and resized. {@code --preprocessing} takes these names in
 * lower case.
 */
public enum PreprocessingMode {
    /** In the tasks that infer, row by row, while the engine works on the rows before. */
    FUSED {
        @Override
        public Dataset<Row> answers(
                Dataset<Row> requests,
                InferenceConfig config,
                InferenceMetrics metrics,
                UnaryOperator<Dataset<Row>> unpublished) {
            return VlmStages.answer(unpublished.apply(requests), config, metrics);
        }
    },
    /** In a stage of its own; the resized pictures are exchanged so that tasks cost the same. */
    STAGED {
        @Override
        public Dataset<Row> answers(
                Dataset<Row> requests,
                InferenceConfig config,
                InferenceMetrics metrics,
                UnaryOperator<Dataset<Row>> unpublished) {
            int cores = ClusterCores.of(requests.sparkSession().sparkContext());
            Dataset<Row> prepared = VlmStages.prepare(requests, config.preprocessing());
            return VlmStages.infer(unpublished.apply(VlmStages.exchange(prepared, cores, metrics)), config, metrics);
        }
    };

    /**
     * The answers to the requests; a stage of its own has run when this returns.
     *
     * @param unpublished leaves out, in the tasks that infer, what need not be answered once more
     */
    public abstract Dataset<Row> answers(
            Dataset<Row> requests,
            InferenceConfig config,
            InferenceMetrics metrics,
            UnaryOperator<Dataset<Row>> unpublished);
}
