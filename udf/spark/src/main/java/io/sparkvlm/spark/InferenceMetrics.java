package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.spark.watch.RowCounts;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts what the tasks of a job have done: the tasks add, the driver reads, and the executors' heartbeats send the
 * counts while a task runs. Listeners know the accumulators by the names below.
 */
public record InferenceMetrics(
        LongAccumulator rows,
        LongAccumulator exchangedRows,
        LongAccumulator copiedRows,
        CodeCounts errorCodes,
        LongAccumulator promptTokens,
        LongAccumulator completionTokens,
        LongAccumulator visionTokens)
        implements Serializable {
    public static final String ROWS = "sparkvlm.rows";
    public static final String EXCHANGED = "sparkvlm.exchanged";
    public static final String COPIED = "sparkvlm.copied";
    public static final String ERROR_CODES = "sparkvlm.error_codes";
    public static final String PROMPT_TOKENS = "sparkvlm.prompt_tokens";
    public static final String COMPLETION_TOKENS = "sparkvlm.completion_tokens";
    public static final String VISION_TOKENS = "sparkvlm.vision_tokens";

    public static InferenceMetrics register(SparkContext context) {
        CodeCounts errorCodes = new CodeCounts();
        context.register(errorCodes, ERROR_CODES);
        return new InferenceMetrics(
                context.longAccumulator(ROWS),
                context.longAccumulator(EXCHANGED),
                context.longAccumulator(COPIED),
                errorCodes,
                context.longAccumulator(PROMPT_TOKENS),
                context.longAccumulator(COMPLETION_TOKENS),
                context.longAccumulator(VISION_TOKENS));
    }

    void answered(Completion completion) {
        rows.add(1);
        promptTokens.add(completion.usage().prompt());
        completionTokens.add(completion.usage().completion());
        visionTokens.add(completion.usage().vision());
        RowCounts.OF_THIS_PROCESS.answered(
                completion.usage().prompt(),
                completion.usage().vision(),
                completion.usage().completion());
    }

    /** A row that goes into a table instead of the engine. */
    void prepared() {
        rows.add(1);
        RowCounts.OF_THIS_PROCESS.prepared();
    }

    /** A row that got another's answer, or its error. */
    void copied(Optional<String> errorCode) {
        copiedRows.add(1);
        errorCode.ifPresent(errorCodes::add);
        RowCounts.OF_THIS_PROCESS.copied(errorCode);
    }

    void rejected(String code) {
        rows.add(1);
        errorCodes.add(code);
        RowCounts.OF_THIS_PROCESS.rejected(code);
    }
}
