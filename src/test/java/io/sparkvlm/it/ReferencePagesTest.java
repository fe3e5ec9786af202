package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Holds the tables of docs/reference to the codes and columns that there are. */
final class ReferencePagesTest {
    private static final Pattern ERROR = Pattern.compile("^\\| `(\\w+)` \\| (\\d+) \\| \\S.* \\|$", Pattern.MULTILINE);
    private static final Pattern COLUMN = Pattern.compile("^\\| `(\\w+)` \\| ([a-z ]+) \\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern TAKEN = Pattern.compile("^\\| taken \\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void everyErrorCodeIsListedWithItsStatus() {
        assertThat(ERROR.matcher(page("errors.md")).results().map(row -> row.group(1) + " " + row.group(2)))
                .containsExactlyInAnyOrderElementsOf(ErrorCode.all().stream()
                        .map(code -> code.wireName() + " " + code.status())
                        .toList());
    }

    @Test
    void everyColumnOfTheOutputIsListedWithItsTypeInOrder() {
        assertThat(columns("output.md")).containsExactlyElementsOf(described(Columns.OUTPUT));
    }

    @Test
    void everyFieldOfAColumnOfTheOutputIsNamed() {
        for (String column : List.of("usage", "error", "media", "timing")) {
            String said = COLUMN.matcher(page("output.md"))
                    .results()
                    .filter(row -> row.group(1).equals(column))
                    .map(row -> row.group(3))
                    .findFirst()
                    .orElseThrow();
            assertThat(NAME.matcher(said).results().map(name -> name.group(1)))
                    .as(column)
                    .containsExactly(
                            struct(Columns.OUTPUT.apply(column).dataType()).fieldNames());
        }
    }

    @Test
    void everyColumnOfThePreparedTableIsListedWithItsTypeInOrder() {
        assertThat(columns("prepared-table.md")).containsExactlyElementsOf(described(Columns.PREPARED));
    }

    @Test
    void everyNameIsListedThatACarriedColumnCannotHave() {
        String said = TAKEN.matcher(page("output.md"))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(NAME.matcher(said).results().map(name -> name.group(1)))
                .containsExactlyInAnyOrderElementsOf(CarriedNames.taken());
    }

    private static List<String> columns(String page) {
        return COLUMN.matcher(page(page))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();
    }

    private static List<String> described(StructType table) {
        return Arrays.stream(table.fields())
                .map(field -> field.name() + " " + described(field.dataType()))
                .toList();
    }

    private static String described(DataType type) {
        if (type instanceof ArrayType array) {
            return "array of " + described(array.elementType()) + "s";
        }
        return type instanceof StructType ? "struct" : type.simpleString();
    }

    private static StructType struct(DataType type) {
        return (StructType) (type instanceof ArrayType array ? array.elementType() : type);
    }

    private static String page(String name) {
        return Pages.text(Pages.TOP.resolve("docs/reference").resolve(name));
    }
}
