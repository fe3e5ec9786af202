package io.sparkvlm.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.spark.LocalSpark;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class PreparationStampTest {
    @Test
    void answersBearTheNameOfTheModelThatGivesThem() throws Exception {
        Dataset<Row> prepared =
                LocalSpark.session().sql("select * from values ('small'), ('asked for'), (null) as t(prepared_model)");

        Dataset<Row> renamed = madeFor("small").renamed(prepared, madeFor("large"));

        assertThat(renamed.as(Encoders.STRING()).collectAsList()).containsExactly("large", "asked for", null);
    }

    private static PreparationStamp madeFor(String servedName) {
        return new PreparationStamp(1, "folder", servedName, "fingerprint", 4096, Map.of("seed", "0"));
    }
}
