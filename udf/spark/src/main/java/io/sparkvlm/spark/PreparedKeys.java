package io.sparkvlm.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.preprocessing.request.validation.DerivedSeed;
import io.sparkvlm.spark.table.Columns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Computes the keys of a prepared table's rows, of which equal ones have the same answer; it reads no pictures. */
final class PreparedKeys {
    private static final int SHA_256 = 256;

    private PreparedKeys() {}

    /** @param seed of the job that prepared the table */
    static Dataset<Row> of(Dataset<Row> prepared, long seed) {
        Column sampling = udf(new Sampling(seed), DataTypes.StringType).apply(col("params"), col(Columns.ROW_ID));
        Column asked = to_json(struct(
                sampling.as("sampling"),
                col(Columns.PREPARED_MODEL),
                col("prepared_prompt"),
                // Fields one by one: Spark then leaves their files where they are.
                col("media.kind"),
                col("media.ref"),
                col("media.sha256"),
                col("media.frames"),
                col("media.grid_thw"),
                col("warnings")));
        return prepared.select(
                col(Columns.ROW_ID),
                col(Columns.CUSTOM_ID),
                when(
                                col(Columns.ERROR).isNull().and(sampling.isNotNull()),
                                sha2(asked.cast(DataTypes.BinaryType), SHA_256))
                        .as(VlmStages.KEY));
    }

    /** What is said of sampling that other rows may have said, too. */
    private record Sampling(long seed) implements UDF2<String, String, String> {
        @Override
        public String call(String params, String rowId) {
            if (params == null) {
                return null;
            }
            GenerationParams read = GenerationParamsJson.read(params);
            return DerivedSeed.decides(read.sampling(), seed, rowId)
                    ? null
                    : OpenAiJson.write(GenerationParamsJson.decidingTree(read));
        }
    }
}
