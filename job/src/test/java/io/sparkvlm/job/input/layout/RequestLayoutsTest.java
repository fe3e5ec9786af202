package io.sparkvlm.job.input.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What requests are made of pictures and prompts in columns. */
final class RequestLayoutsTest {
    private static final String IMAGE = "named_struct('bytes', X'01', 'path', 'a.png')";

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(1);

    @Test
    void asksAPromptAboutAnImageThatStaysInItsColumn() throws JobRefusedException {
        Dataset<Row> table =
                spark.sql("select X'01' as image, 'What is it?' as prompt, 0.5D as temperature, 7 as gold, 3 as n,"
                        + " 'other' as model, 'cat' as prediction");
        assertThat(requests(table, roles("image", PromptTemplate.ofColumn("prompt"))))
                .containsExactly("{\"temperature\":0.5,\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"image\",\"image\":\"column:image\"},"
                        + "{\"type\":\"text\",\"text\":\"What is it?\"}]}]}");
        RequestLayout layout = RequestLayouts.of(table.schema(), roles("image", PromptTemplate.ofColumn("prompt")));
        assertThat(Arrays.stream(table.schema().fields()).filter(field -> !layout.takes(field)))
                .extracting(StructField::name)
                .containsExactly("image", "prompt", "gold", "n", "model", "prediction");
        assertThat(layout.mayBeBatchLines()).isFalse();
    }

    @Test
    void putsImagesBeforeVideosAndTheSystemPromptBeforeAll() throws JobRefusedException {
        ColumnRoles roles = new ColumnRoles(
                List.of("left", "sample.right"),
                List.of("film"),
                Optional.of(PromptTemplate.parse("?")),
                Optional.of("Be \"short\"."));
        assertThat(requests(
                        spark.sql("select 'l.png' as left, named_struct('right', X'01') as sample, X'02' as film"),
                        roles))
                .containsExactly("{\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"short\\\".\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"image\":\"column:left\"},"
                        + "{\"type\":\"image\",\"image\":\"column:sample.right\"},"
                        + "{\"type\":\"video\",\"video\":\"column:film\"},{\"type\":\"text\",\"text\":\"?\"}]}]}");
    }

    @Test
    void namesEachElementOfAnArray() throws JobRefusedException {
        String array = "array<struct<bytes:binary,path:string>>";
        Dataset<Row> table = spark.sql("select * from values (1, array(" + IMAGE + ", null)), (2, array()),"
                        + " (3, cast(null as " + array + ")) as (id, images)")
                .orderBy("id");
        assertThat(requests(table, roles("images", PromptTemplate.parse("?"))))
                .extracting(json -> json.replaceAll(".*\"content\":\\[|,?\\{\"type\":\"text\".*", ""))
                .containsExactly(
                        "{\"type\":\"image\",\"image\":\"column:images[0]\"},"
                                + "{\"type\":\"image\",\"image\":\"column:images[1]\"}",
                        "",
                        "{\"type\":\"image\",\"image\":\"column:images[0]\"}");
    }

    @Test
    void fillsATemplateFromColumns() throws JobRefusedException {
        Dataset<Row> table = spark.sql(
                "select 'cat \"é\"' as label, 3 as n, 0.25D as share, true as sure,"
                        + " array('a', 'b') as choices, named_struct('x', 1) as box, 'dotted' as `a.b`, date'2024-05-01' as day");
        assertThat(texts(table, "{{{label}}} {n} {share} {sure} {choices} {choices[1]} {box} {box.x} {a.b} {day} {{}}"))
                .containsExactly("{cat \"é\"} 3 0.25 true [\"a\",\"b\"] b {\"x\":1} 1 dotted 2024-05-01 {}");
    }

    @Test
    void saysInTheRowWhichColumnOfItsPromptIsNull() throws JobRefusedException {
        Dataset<Row> table =
                spark.sql("select * from values ('cat', 1D), (null, 1D), ('cat', double('NaN')) as (label, n)");
        assertThat(texts(table, "{label} {n}"))
                .containsExactly(
                        "cat 1",
                        "invalid_value: expected a value in the column label, which --prompt names, found null",
                        "invalid_value: expected a value in the column n, which --prompt names, found null");
        assertThat(requests(table, roles("label", PromptTemplate.ofColumn("label"))))
                .contains(
                        "invalid_value: expected a value in the column label, which --prompt-column names, found null");
    }

    @Test
    void givesTheNthOpenPartTheNthImage() throws JobRefusedException {
        String open = "{\"type\":\"image\"}";
        String messages = "[{\"role\":\"user\",\"content\":[" + open + ",{\"type\":\"image\",\"image\":\"own.png\"},"
                + "{\"type\":\"image\",\"image\":null,\"min_pixels\":784}]}]";
        assertThat(requests(
                        spark.sql(
                                "select '" + messages + "' as messages, array(" + IMAGE + ", " + IMAGE + ") as images"),
                        ColumnRoles.NONE))
                .containsExactly("{\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"image\",\"image\":\"column:images[0]\"},{\"type\":\"image\",\"image\":\"own.png\"},"
                        + "{\"type\":\"image\",\"image\":\"column:images[1]\",\"min_pixels\":784}]}]}");
    }

    @Test
    void fillsMessagesThatAreStructures() throws JobRefusedException {
        Dataset<Row> table = spark.sql("select array(named_struct('role', 'user', 'content', array("
                + "named_struct('type', 'image', 'text', cast(null as string)),"
                + " named_struct('type', 'text', 'text', 'What?')))) as messages, X'01' as image, 3 as max_tokens");
        assertThat(requests(table, ColumnRoles.NONE))
                .containsExactly("{\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"image\",\"image\":\"column:image\"},{\"type\":\"text\",\"text\":\"What?\"}]}]}");
    }

    @Test
    void saysInTheRowHowManyImagesAreTooFewOrTooMany() throws JobRefusedException {
        String part = "{\"type\":\"image\"}";
        assertThat(requests(messagesWithTwoImages(part), ColumnRoles.NONE))
                .containsExactly(
                        "invalid_value: expected as many parts {\"type\": \"image\"} in the messages as the row"
                                + " has images, 2, found 1");
        assertThat(requests(messagesWithTwoImages(part + "," + part + "," + part), ColumnRoles.NONE))
                .containsExactly(
                        "invalid_value: expected as many parts {\"type\": \"image\"} in the messages as the row"
                                + " has images, 2, found 3");
    }

    @Test
    void leavesAColumnOfImagesThatMessagesDoNotAskForUnlessAFlagNamesIt() throws JobRefusedException {
        Dataset<Row> table = messagesWithTwoImages("{\"type\":\"text\",\"text\":\"hi\"}");
        assertThat(requests(table, ColumnRoles.NONE)).allMatch(json -> json.startsWith("{\"messages\""));
        assertThat(requests(table, new ColumnRoles(List.of("images"), List.of(), Optional.empty(), Optional.empty())))
                .containsExactly(
                        "invalid_value: expected as many parts {\"type\": \"image\"} in the messages as the row"
                                + " has images, 2, found 0");
    }

    private static Dataset<Row> messagesWithTwoImages(String parts) {
        return spark.sql("select '[{\"role\":\"user\",\"content\":[" + parts + "]}]' as messages, array(" + IMAGE + ", "
                + IMAGE + ") as images");
    }

    @Test
    void refusesRolesThatTheTableCannotFill() throws JobRefusedException {
        Dataset<Row> table = spark.sql("select " + IMAGE + " as image, X'01' as raw, 7 as label");
        assertRefused(table, roles("imag", PromptTemplate.parse("?")))
                .hasMessageStartingWith("--image-column \"imag\": found nothing named imag among image")
                .hasMessageEndingWith("; the nearest is \"image\"");
        assertRefused(table, roles("image.byte", PromptTemplate.parse("?")))
                .hasMessage("--image-column \"image.byte\": found nothing named byte among bytes binary, path string");
        assertRefused(table, roles("label", PromptTemplate.parse("?")))
                .hasMessage("expected --image-column to name bytes, paths or URLs, structures of both, or arrays of"
                        + " these, found label, which is int");
        assertRefused(table, roles("image", PromptTemplate.parse("Is it {labl}?")))
                .hasMessageStartingWith("--prompt \"labl\": found nothing named labl")
                .hasMessageEndingWith("; the nearest is \"label\"");
        assertRefused(table, roles("image", PromptTemplate.ofColumn("raw")))
                .hasMessage("expected --prompt-column to name text, found raw, which is binary");
        assertRefused(
                        spark.sql(
                                "select array(named_struct('role', 'user', 'content', 'hi')) as prompt, X'01' as image"),
                        roles("image", PromptTemplate.ofColumn("prompt")))
                .hasMessageEndingWith("which holds messages: call the column messages");
        assertRefused(table, new ColumnRoles(List.of("image"), List.of(), Optional.empty(), Optional.empty()))
                .hasMessageStartingWith("expected --prompt or --prompt-column beside --image-column");
        assertRefused(table, new ColumnRoles(List.of(), List.of(), Optional.empty(), Optional.of("Be short.")))
                .hasMessageStartingWith("expected --prompt or --prompt-column beside --system-prompt");
    }

    @Test
    void refusesBracesThatNameNothing() {
        for (String template : List.of("{", "a } b", "{}", "{\"label\": {label}", "{a{b}c}")) {
            assertThatThrownBy(() -> PromptTemplate.parse(template))
                    .as(template)
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageStartingWith("expected the name of a column in braces in --prompt, and {{ or }}");
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(
            Dataset<Row> table, ColumnRoles roles) {
        return assertThatThrownBy(() -> RequestLayouts.of(table.schema(), roles))
                .isInstanceOf(JobRefusedException.class);
    }

    private static ColumnRoles roles(String image, PromptTemplate prompt) {
        return new ColumnRoles(List.of(image), List.of(), Optional.of(prompt), Optional.empty());
    }

    /** The text of each row's prompt. */
    private static List<String> texts(Dataset<Row> table, String template) throws JobRefusedException {
        ColumnRoles roles =
                new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.parse(template)), Optional.empty());
        return requests(table, roles).stream()
                .map(json -> json.replaceAll(".*\"text\":\"(.*)\"}]}]}", "$1")
                        .replace("\\\"", "\"")
                        .replace("\\u00E9", "é"))
                .toList();
    }

    /** Each row's request, or its error. */
    private static List<String> requests(Dataset<Row> table, ColumnRoles roles) throws JobRefusedException {
        return table.select(RequestLayouts.of(table.schema(), roles).request()).collectAsList().stream()
                .map(row -> RequestTable.json(row.get(0)).fold(json -> json, RequestLayoutsTest::said))
                .toList();
    }

    private static String said(Rejection rejection) {
        return rejection.code().wireName() + ": " + rejection.message();
    }
}
