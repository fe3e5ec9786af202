package io.sparkvlm.job.input.fields;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FieldTypeTest {
    @Test
    void isTheNarrowestThatLosesNothing() {
        assertThat(typeOf("1", "-3", "null")).isEqualTo(FieldType.SMALL_INTEGER);
        assertThat(typeOf("1", "9223372036854775807")).isEqualTo(FieldType.INTEGER);
        assertThat(typeOf("1", "0.1", "-0", "1e5", "1E-7")).isEqualTo(FieldType.NUMBER);
        assertThat(typeOf("true", "false")).isEqualTo(FieldType.BOOLEAN);
        assertThat(typeOf("\"a\"", "\"\\ud83d\\ude00\"", "null")).isEqualTo(FieldType.TEXT);
        assertThat(typeOf("[\"a\", \"b\"]", "[ ]", "null")).isEqualTo(FieldType.TEXTS);
        assertThat(typeOf("null")).isEqualTo(FieldType.NULL);
    }

    @Test
    void isTextOfJsonWhereNoTypeHoldsAllValues() {
        for (String[] values : new String[][] {
            {"9223372036854775808"},
            {"9007199254740993", "0.5"},
            {"0.1000000000000000000001"},
            {"1e400"},
            {"1e-400"},
            {"1e-99999999999"},
            {"1", "\"1\""},
            {"true", "0"},
            {"{}"},
            {"[1]"},
            {"[\"a\", null]"},
            {"[\"a\"]", "\"a\""},
            {"[\"a\"]", "[[]]"},
            {"[\"\\ud800\"]"},
            {"\"\\ud800\""},
        }) {
            assertThat(typeOf(values)).as(Arrays.toString(values)).isEqualTo(FieldType.JSON);
        }
    }

    @Test
    void isAFileWhereAColumnOfPicturesSaysNothingElse() {
        String picture = "{\"bytes\": \"AAAA\", \"path\": null}";
        assertThat(typeOfFiles("\"a.png\"", "null")).isEqualTo(FieldType.TEXT);
        assertThat(typeOfFiles(picture, "{\"url\": \"https://x\"}", "\"a.png\""))
                .isEqualTo(FieldType.FILE);
        assertThat(typeOfFiles("[" + picture + ", \"a.png\"]", "[]", "[\"a.png\"]"))
                .isEqualTo(FieldType.FILES);
        for (String other : List.of("{}", "{\"bytes\": 1}", "{\"path\": \"a\", \"height\": 1}", "[1]", "[{}]", "1")) {
            assertThat(typeOfFiles(picture, other)).as(other).isEqualTo(FieldType.JSON);
        }
        assertThat(typeOfFiles(picture, "[" + picture + "]")).isEqualTo(FieldType.JSON);
        assertThat(typeOf(picture)).isEqualTo(FieldType.JSON);
        assertThat(FieldType.FILE.value(picture)).hasToString("[AAAA,null,null]");
        assertThat(FieldType.FILE.value("\"a.png\"")).hasToString("[null,a.png,null]");
    }

    @Test
    void isTheSameInAnyOrder() {
        for (FieldType a : FieldType.values()) {
            for (FieldType b : FieldType.values()) {
                assertThat(a.with(b)).isEqualTo(b.with(a));
                for (FieldType c : FieldType.values()) {
                    assertThat(a.with(b).with(c)).isEqualTo(a.with(b.with(c)));
                }
            }
        }
    }

    @Test
    void givesValuesInTheColumnsType() {
        assertThat(FieldType.INTEGER.value("-7")).isEqualTo(-7L);
        assertThat(FieldType.NUMBER.value("2")).isEqualTo(2.0);
        assertThat(FieldType.NUMBER.value("-0")).isEqualTo(-0.0);
        assertThat(FieldType.BOOLEAN.value("true")).isEqualTo(true);
        assertThat(FieldType.TEXT.value("\"a\\n\\u00e9\"")).isEqualTo("a\n\u00e9");
        assertThat(FieldType.TEXTS.value("[\"a\", \"\\u00e9\"]")).isEqualTo(new String[] {"a", "\u00e9"});
        assertThat(FieldType.JSON.value("[1, 2.50]")).isEqualTo("[1, 2.50]");
        for (FieldType type : FieldType.values()) {
            assertThat(type.value("null")).isNull();
        }
    }

    private static FieldType typeOfFiles(String... values) {
        return List.of(values).stream().map(FieldType::ofFile).reduce(FieldType.NULL, FieldType::with);
    }

    private static FieldType typeOf(String... values) {
        return List.of(values).stream().map(FieldType::of).reduce(FieldType.NULL, FieldType::with);
    }
}
