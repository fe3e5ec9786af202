package io.sparkvlm.job.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Finds the columns of a table that options name. */
record TableColumns(Dataset<Row> table) {
    private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);
    /** The field of VQAv2's annotations that holds what a person said. */
    private static final String ANSWER = "answer";

    /** A column that the table has. */
    Column known(String name) {
        return table.col("`" + name.replace("`", "``") + "`");
    }

    /** @param option that names the column */
    Column column(String option, String name) throws JobRefusedException {
        Set<String> names = new TreeSet<>(Arrays.asList(table.columns()));
        if (!names.contains(name)) {
            throw new JobRefusedException("expected " + option + " to name a column of the table, found \"" + name
                    + "\"" + NearestName.hint(name, names) + "; the columns are " + String.join(", ", names));
        }
        return known(name);
    }

    /** A column as an array of texts, null where it is null. */
    Column texts(String option, String name) throws JobRefusedException {
        Column column = column(option, name);
        DataType type = table.schema().apply(name).dataType();
        if (type instanceof ArrayType list) {
            if (list.elementType() instanceof StructType fields
                    && Arrays.asList(fields.fieldNames()).contains(ANSWER)) {
                return transform(column, element -> element.getField(ANSWER)).cast(TEXTS);
            }
            return isPlain(list.elementType()) ? column.cast(TEXTS) : transform(column, element -> to_json(element));
        }
        if (type instanceof BinaryType) {
            throw new JobRefusedException("expected a column of texts for " + option + ", found bytes in " + name);
        }
        return when(column.isNotNull(), array(isPlain(type) ? column.cast(DataTypes.StringType) : to_json(column)));
    }

    private static boolean isPlain(DataType type) {
        return !(type instanceof StructType || type instanceof MapType || type instanceof ArrayType);
    }
}
