package io.sparkvlm.spark.table;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Picks the columns of a table that go through to the output untouched. */
public record CarriedColumns(StructType schema, int[] indices) implements Serializable {
    static CarriedColumns allBut(StructType schema, String... own) {
        Set<String> names = Set.of(own);
        return new CarriedColumns(
                schema,
                IntStream.range(0, schema.size())
                        .filter(index -> !names.contains(schema.apply(index).name()))
                        .toArray());
    }

    /** The same but for the columns that have these names in the input. */
    CarriedColumns without(Set<String> inputNames) {
        return new CarriedColumns(
                schema,
                Arrays.stream(indices)
                        .filter(index -> !inputNames.contains(CarriedNames.inputName(schema.apply(index))))
                        .toArray());
    }

    /** The names that the columns have in the input. */
    public List<String> inputNames() {
        return Arrays.stream(indices)
                .mapToObj(index -> CarriedNames.inputName(schema.apply(index)))
                .toList();
    }

    /** The own columns followed by the carried ones. */
    public StructType after(StructType own) {
        StructType all = own;
        for (int index : indices) {
            all = all.add(schema.apply(index));
        }
        return all;
    }

    /** A row's carried values. */
    public Object[] of(Row row) {
        return Arrays.stream(indices).mapToObj(row::get).toArray();
    }

    /** The values of a row from its parts. */
    static Object[] concat(Object[]... parts) {
        return Arrays.stream(parts).flatMap(Arrays::stream).toArray();
    }
}
