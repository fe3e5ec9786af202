package io.sparkvlm.job.input.fields;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.WireText;
import io.sparkvlm.spark.table.FileValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The types of columns that values of JSON are carried in: the narrowest that loses nothing of any value. */
public enum FieldType {
    /** No value but null. */
    NULL,
    BOOLEAN,
    /** An integer that a double holds too. */
    SMALL_INTEGER,
    INTEGER,
    NUMBER,
    TEXT,
    /** Lists of strings. */
    TEXTS,
    /** Images or videos, each an object of strings as {@code {"bytes": BASE64, "path": …}}, or a string alone. */
    FILE,
    /** Lists of these. */
    FILES,
    /** Anything else, as it is written. */
    JSON;

    /** The type of one value of a column that is said to hold images or videos. */
    public static FieldType ofFile(String json) {
        return switch (json.charAt(0)) {
            case '{' -> FileJson.isObject(read(json)) ? FILE : JSON;
            case '[' -> areTexts(json) ? TEXTS : FileJson.isList(read(json)) ? FILES : JSON;
            default -> of(json);
        };
    }

    /** The type of one value. */
    public static FieldType of(String json) {
        return switch (json.charAt(0)) {
            case 'n' -> NULL;
            case 't', 'f' -> BOOLEAN;
            case '{' -> JSON;
            case '[' -> areTexts(json) ? TEXTS : JSON;
            case '"' -> isUnicode(json) ? TEXT : JSON;
            default -> json.matches("-?\\d+") && !json.equals("-0") ? ofInteger(json) : ofDecimal(json);
        };
    }

    /** The type that holds the values of both. */
    public FieldType with(FieldType other) {
        if (this == other || other == NULL) {
            return this;
        }
        if (this == NULL) {
            return other;
        }
        Set<FieldType> both = Set.of(this, other);
        if (both.equals(Set.of(SMALL_INTEGER, INTEGER))) {
            return INTEGER;
        }
        if (both.equals(Set.of(SMALL_INTEGER, NUMBER))) {
            return NUMBER;
        }
        if (both.equals(Set.of(TEXT, FILE))) {
            return FILE;
        }
        return both.equals(Set.of(TEXTS, FILES)) ? FILES : JSON;
    }

    public DataType column() {
        return switch (this) {
            case BOOLEAN -> DataTypes.BooleanType;
            case SMALL_INTEGER, INTEGER -> DataTypes.LongType;
            case NUMBER -> DataTypes.DoubleType;
            case NULL, TEXT, JSON -> DataTypes.StringType;
            case TEXTS -> DataTypes.createArrayType(DataTypes.StringType);
            case FILE -> FileValue.OF_STRINGS;
            case FILES -> DataTypes.createArrayType(FileValue.OF_STRINGS);
        };
    }

    /** A value as it stands in the column, in Java's types; null for null. */
    public Object value(String json) {
        if (json.equals("null")) {
            return null;
        }
        return switch (this) {
            case NULL, JSON -> json;
            case BOOLEAN -> Boolean.valueOf(json);
            case SMALL_INTEGER, INTEGER -> Long.valueOf(json);
            case NUMBER -> Double.valueOf(json);
            case TEXT -> text(json);
            case TEXTS -> texts(json).toArray(String[]::new);
            case FILE -> FileJson.row(read(json));
            case FILES ->
                StreamSupport.stream(read(json).spliterator(), false)
                        .map(FileJson::row)
                        .toArray(Row[]::new);
        };
    }

    private static FieldType ofInteger(String json) {
        try {
            long value = Long.parseLong(json);
            return value != Long.MAX_VALUE && (long) (double) value == value ? SMALL_INTEGER : INTEGER;
        } catch (NumberFormatException e) {
            return JSON;
        }
    }

    /** A double is written as the shortest number that is nearest to it; what is not that number has lost something. */
    private static FieldType ofDecimal(String json) {
        double value = Double.parseDouble(json);
        try {
            boolean exact = Double.isFinite(value)
                    && new BigDecimal(json).compareTo(new BigDecimal(Double.toString(value))) == 0;
            return exact ? NUMBER : JSON;
        } catch (NumberFormatException e) { // of an exponent of more than ten digits
            return JSON;
        }
    }

    private static boolean areTexts(String json) {
        String first = json.substring(1).stripLeading();
        boolean mayBe = first.startsWith("\"") || first.startsWith("]"); // conversations are long
        return mayBe && texts(json).stream().allMatch(text -> text != null && text.equals(WireText.wellFormed(text)));
    }

    /** The elements; null for those that are no strings. */
    private static List<String> texts(String json) {
        List<String> texts = new ArrayList<>();
        read(json).forEach(element -> texts.add(element.textValue()));
        return texts;
    }

    /** A surrogate without its other half can be escaped in JSON, and cannot be in a column of text. */
    private static boolean isUnicode(String json) {
        if (!json.contains("\\u")) {
            return true;
        }
        String text = text(json);
        return text.equals(WireText.wellFormed(text));
    }

    private static String text(String json) {
        return read(json).textValue();
    }

    private static JsonNode read(String json) {
        try {
            return OpenAiJson.read(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a value of a line that was read before", e);
        }
    }
}
