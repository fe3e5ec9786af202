package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.udf;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.WireText;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes text of values that are kept as the JSON they were written in: of a string what it says, of others the JSON. */
public final class JsonText implements UDF1<String, String> {
    private static final Metadata MARK =
            new MetadataBuilder().putBoolean("sparkvlm_json", true).build();

    private JsonText() {}

    /** The field of a column that holds such values, so that a layout knows it. */
    public static StructField field(StructField field) {
        return new StructField(field.name(), field.dataType(), field.nullable(), MARK);
    }

    /** Whether a column that is named whole is one of these. */
    static boolean isIn(StructType schema, String column) {
        return schema.getFieldIndex(column).isDefined()
                && schema.apply(column).metadata().equals(MARK);
    }

    static Column of(Column json) {
        return udf(new JsonText(), DataTypes.StringType).apply(json);
    }

    @Override
    public String call(String json) throws JsonProcessingException {
        return json != null && json.startsWith("\"")
                ? WireText.wellFormed(OpenAiJson.read(json).textValue())
                : json;
    }
}
