package io.sparkvlm.job.run;

import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.settings.PreprocessingSettings;
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
        public Dataset<Row> prepared(Dataset<Row> requests, PreprocessingSettings settings, InferenceMetrics metrics) {
            return VlmStages.prepare(requests, settings);
        }
    },
    /** In a stage of its own; the resized pictures are exchanged so that tasks cost the same. */
    STAGED {
        @Override
        public Dataset<Row> prepared(Dataset<Row> requests, PreprocessingSettings settings, InferenceMetrics metrics) {
            int cores = requests.sparkSession().sparkContext().defaultParallelism();
            return VlmStages.exchange(VlmStages.prepareResized(requests, settings), cores, metrics);
        }
    };

    /** The requests as the tasks that infer take them; a stage of its own has run when this returns. */
    public abstract Dataset<Row> prepared(
            Dataset<Row> requests, PreprocessingSettings settings, InferenceMetrics metrics);
}
