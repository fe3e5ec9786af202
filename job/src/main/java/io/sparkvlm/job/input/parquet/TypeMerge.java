package io.sparkvlm.job.input.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds the one type that holds the values of two, field by field where they have fields. */
final class TypeMerge {
    /**
     * Of leaves that are equal, under equal names: a reader that is told of more fields than a file has gives null for
     * them, and it knows them by their names as they are.
     */
    static final TypeMerge EQUAL = new TypeMerge((a, b) -> a.equals(b) ? Optional.of(a) : Optional.empty(), true);

    /** Of leaves of which one holds the values of both, under names that are equal but for their case. */
    static final TypeMerge WIDER = new TypeMerge(WiderLeaf::of, false);

    private final LeafRule leaves;
    private final boolean exactNames;

    /** Says which type holds the values of two that have no fields. */
    @FunctionalInterface
    private interface LeafRule {
        Optional<DataType> of(DataType a, DataType b);
    }

    private TypeMerge(LeafRule leaves, boolean exactNames) {
        this.leaves = leaves;
        this.exactNames = exactNames;
    }

    Optional<DataType> of(DataType a, DataType b) {
        if (a instanceof StructType first && b instanceof StructType second) {
            return ofFields(first, second).map(type -> type);
        }
        if (a instanceof ArrayType first && b instanceof ArrayType second) {
            return of(first.elementType(), second.elementType())
                    .map(element -> DataTypes.createArrayType(element, true));
        }
        if (a instanceof MapType first && b instanceof MapType second) {
            return of(first.keyType(), second.keyType()).flatMap(key -> of(first.valueType(), second.valueType())
                    .map(value -> DataTypes.createMapType(key, value, true)));
        }
        return leaves.of(a, b);
    }

    /** The fields of both, by name whatever its case; those of the first come first. */
    Optional<StructType> ofFields(StructType first, StructType second) {
        List<StructField> fields = new ArrayList<>(List.of(first.fields()));
        for (StructField field : second.fields()) {
            int index = indexOf(fields, field.name());
            if (index < 0) {
                fields.add(field);
                continue;
            }
            StructField same = fields.get(index);
            Optional<DataType> type = of(same.dataType(), field.dataType());
            if (type.isEmpty() || (exactNames && !same.name().equals(field.name()))) {
                return Optional.empty();
            }
            fields.set(index, new StructField(same.name(), type.get(), true, same.metadata()));
        }
        return Optional.of(new StructType(fields.toArray(StructField[]::new)));
    }

    /** Where the field of this name stands, else one whose name differs in case alone; −1 where there is none. */
    static int indexOf(List<StructField> fields, String name) {
        int exact = fields.stream().map(StructField::name).toList().indexOf(name);
        if (exact >= 0) {
            return exact;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().toLowerCase(Locale.ROOT).equals(lower)) {
                return i;
            }
        }
        return -1;
    }
}
