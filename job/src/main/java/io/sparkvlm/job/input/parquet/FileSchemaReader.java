package io.sparkvlm.job.input.parquet;

import io.sparkvlm.job.input.parquet.FileSchema.LeftOut;
import io.sparkvlm.job.text.RootCause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.VariantLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.execution.datasources.parquet.ParquetColumn;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** Reads the types of a file's columns as Spark does, and further where Spark gives up. */
final class FileSchemaReader {
    /** Under which Spark writes its own description of the columns into a file. */
    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    private final ParquetToSparkSchemaConverter toSpark;
    private final SparkToParquetSchemaConverter toParquet;

    FileSchemaReader(SQLConf conf) {
        this.toSpark = new ParquetToSparkSchemaConverter(conf);
        this.toParquet = new SparkToParquetSchemaConverter(conf);
    }

    /** @param metadata that the file's writer added */
    FileSchema read(MessageType schema, Map<String, String> metadata) {
        Map<String, StructField> declared = declared(metadata);
        List<StructField> columns = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        Set<String> twice = namesOfSeveral(schema);
        for (Type column : schema.getFields()) {
            String name = column.getName();
            if (twice.contains(name)) {
                leftOut.add(new LeftOut(name, "another column of the file has the same name"));
                continue;
            }
            try {
                StructField field = field(column);
                columns.add(Optional.ofNullable(declared.get(name))
                        .filter(said -> isWrittenAs(said, field))
                        .orElse(field));
            } catch (Exception e) { // Scala throws checked exceptions that it does not declare
                leftOut.add(new LeftOut(name, RootCause.of(e)));
            }
        }
        StructType known = new StructType(columns.toArray(StructField[]::new));
        return new FileSchema(NestedTypes.mappedFields(known, leaf -> leaf), leftOut);
    }

    private StructField field(Type column) {
        MessageType original = message(column);
        ParquetColumn read = toSpark.convertParquetColumn(message(withoutForeign(column)), Option.<StructType>empty());
        ParquetColumn only = read.children().head();
        return new StructField(
                column.getName(), type(only, original), true, org.apache.spark.sql.types.Metadata.empty());
    }

    /** The type that Spark reads with foreign ones put back in their places. */
    private static DataType type(ParquetColumn column, MessageType original) {
        if (column.isPrimitive()) {
            PrimitiveType primitive = original.getColumnDescription(
                            column.descriptor().get().getPath())
                    .getPrimitiveType();
            return ForeignType.of(primitive).<DataType>map(type -> type).orElse(column.sparkType());
        }
        if (column.sparkType() instanceof StructType struct) {
            StructField[] fields = struct.fields();
            requireDifferent(struct.fieldNames());
            for (int i = 0; i < fields.length; i++) {
                DataType type = type(column.children().apply(i), original);
                fields[i] = new StructField(fields[i].name(), type, true, fields[i].metadata());
            }
            return new StructType(fields);
        }
        if (column.sparkType() instanceof ArrayType) {
            return new ArrayType(type(column.children().head(), original), true);
        }
        if (column.sparkType() instanceof MapType) {
            return new MapType(
                    type(column.children().head(), original),
                    type(column.children().last(), original),
                    true);
        }
        return column.sparkType(); // a variant, whose parts are its own affair
    }

    private static void requireDifferent(String[] names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(lower(name))) {
                throw new IllegalArgumentException("two of its fields are called " + name + ", but for their case");
            }
        }
    }

    /** The type without the annotations of those that Spark does not know: it reads what lies in the file. */
    private Type withoutForeign(Type type) {
        if (type.isPrimitive()) {
            PrimitiveType primitive = type.asPrimitiveType();
            boolean known = ForeignType.of(primitive).isEmpty() && isKnown(primitive);
            return known
                    ? primitive
                    : new PrimitiveType(
                            primitive.getRepetition(),
                            primitive.getPrimitiveTypeName(),
                            primitive.getTypeLength(),
                            primitive.getName());
        }
        GroupType group = type.asGroupType();
        if (group.getLogicalTypeAnnotation() instanceof VariantLogicalTypeAnnotation) {
            requireKnown(group);
        }
        return group.withNewFields(
                group.getFields().stream().map(this::withoutForeign).toList());
    }

    /** Spark's reader of variants takes the types of their shredded parts from the file itself. */
    private void requireKnown(GroupType variant) {
        for (Type part : variant.getFields()) {
            if (!part.isPrimitive()) {
                requireKnown(part.asGroupType());
            } else if (ForeignType.of(part.asPrimitiveType()).isPresent() || !isKnown(part.asPrimitiveType())) {
                throw new IllegalArgumentException(
                        "it is a variant with parts of " + part.getLogicalTypeAnnotation() + ", which Spark has not");
            }
        }
    }

    private boolean isKnown(PrimitiveType type) {
        try {
            toSpark.convert(message(type));
            return true;
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            return false;
        }
    }

    private static MessageType message(Type column) {
        return new MessageType("column", column);
    }

    /** What Spark says of the columns, where Spark wrote the file. */
    private static Map<String, StructField> declared(Map<String, String> metadata) {
        Map<String, StructField> fields = new HashMap<>();
        if (metadata.containsKey(SPARK_SCHEMA)) {
            try {
                StructType struct = (StructType) DataType.fromJson(metadata.get(SPARK_SCHEMA));
                Arrays.stream(struct.fields()).forEach(field -> fields.put(field.name(), field));
            } catch (Exception e) { // Scala throws checked exceptions that it does not declare
                return Map.of(); // the file's own schema says what is needed
            }
        }
        return fields;
    }

    /** Whether Spark would write the declared field as it stands in the file: pyarrow keeps what Spark said of another. */
    private boolean isWrittenAs(StructField declared, StructField found) {
        try {
            StructType read = toSpark.convert(toParquet.convert(new StructType(new StructField[] {declared})));
            return NestedTypes.mapped(read.apply(0).dataType(), leaf -> leaf)
                    .catalogString()
                    .equals(found.dataType().catalogString());
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            return false;
        }
    }

    private static Set<String> namesOfSeveral(MessageType schema) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (Type column : schema.getFields()) {
            if (!seen.add(column.getName())) {
                twice.add(column.getName());
            }
        }
        return twice;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
