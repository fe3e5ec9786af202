package io.sparkvlm.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.fetch.ColumnValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class NamedColumnsTest {
    private static final StructType IMAGE =
            new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);

    private static final StructType SCHEMA = new StructType()
            .add(Columns.ROW_ID, DataTypes.StringType)
            .add(Columns.REQUEST, DataTypes.StringType)
            .add("raw", DataTypes.BinaryType)
            .add("image", IMAGE)
            .add("elsewhere", IMAGE)
            .add("images", DataTypes.createArrayType(IMAGE))
            .add("files", DataTypes.createArrayType(DataTypes.BinaryType))
            .add("where", DataTypes.StringType)
            .add("label", DataTypes.LongType)
            .add("image.bytes", DataTypes.StringType)
            .add("images[0]", DataTypes.StringType)
            .add("a.b[1]", new StructType().add("x.y", DataTypes.BinaryType));

    private static final Row ROW = RowFactory.create(
            "r",
            "{}",
            bytes("raw"),
            image("image", "cat.png"),
            image(null, "dog.png"),
            array(image("first", null), null, image(null, null)),
            array(bytes("file"), null),
            "where.png",
            7L,
            "dotted.png",
            "bracketed.png",
            RowFactory.create((Object) bytes("deep")));

    @Test
    void findsBytesInColumnsStructuresAndArrays() {
        assertThat(found("raw")).isEqualTo("bytes raw");
        assertThat(found("image")).isEqualTo("bytes image");
        assertThat(found("images[0].bytes")).isEqualTo("bytes first");
        assertThat(found("files[0]")).isEqualTo("bytes file");
    }

    @Test
    void findsWhereAFileIsInTextAndInStructuresWithoutBytes() {
        assertThat(found("where")).isEqualTo("location where.png");
        assertThat(found("elsewhere")).isEqualTo("location dog.png");
        assertThat(found("image.path")).isEqualTo("location cat.png");
    }

    @Test
    void takesTheLongestNameThatFits() {
        assertThat(found("image.bytes")).isEqualTo("location dotted.png");
        assertThat(found("images[0]")).isEqualTo("location bracketed.png");
        assertThat(found("a.b[1].x.y")).isEqualTo("bytes deep");
    }

    @Test
    void saysWhatIsThereInsteadOfAFile() {
        assertThat(found("label")).isEqualTo("expected bytes, a path or a URL in the column label, found bigint");
        assertThat(found("images"))
                .isEqualTo("expected bytes, a path or a URL in the column images, found"
                        + " array<struct<bytes:binary,path:string>>: name an element, as images[0]");
        assertThat(found("images[1]")).endsWith("images[1], found null");
        assertThat(found("images[1].bytes")).endsWith("found null");
        assertThat(found("images[2]")).endsWith("found null");
        assertThat(found("files[1]")).endsWith("found null");
        assertThat(found("files[2]")).endsWith("found an array of 2 elements, counted from 0");
        assertThat(found("files[99999999999]"))
                .endsWith("found [99999999999] after files, which is array<binary>: expected the number of an"
                        + " element, as [0]");
        assertThat(found("images.path"))
                .endsWith("found .path after images, which is array<struct<bytes:binary,path:string>>: expected the"
                        + " number of an element, as [0]");
        assertThat(found("raw[0]")).endsWith("found [0] after raw, which is binary");
        assertThat(found("image.byte")).endsWith("found nothing named byte among bytes binary, path string");
    }

    @Test
    void namesTheColumnsThatThereAreThoseWithBytesFirst() {
        assertThat(found("picture"))
                .startsWith("expected bytes, a path or a URL in the column picture, found nothing named picture among"
                        + " raw binary, image struct<bytes:binary,path:string>,")
                .contains("a.b[1] struct<x.y:binary>, where string, label bigint")
                .doesNotContain(Columns.REQUEST);
        assertThat(found("")).contains("found nothing named  among raw binary");
    }

    @Test
    void countsTheBytesThatTheRowHolds() {
        assertThat(columns().bytes())
                .isEqualTo("raw".length() + "image".length() + "first".length() + "file".length() + "deep".length());
    }

    private static String found(String path) {
        return columns()
                .find(path)
                .fold(
                        value -> "bytes " + new String(value.bytes(), StandardCharsets.US_ASCII),
                        location -> "location " + location.url(),
                        ColumnValue.Unusable::reason);
    }

    private static NamedColumns columns() {
        return new NamedColumns(RequestTable.of(SCHEMA).carried(), ROW);
    }

    private static Row image(String bytes, String path) {
        return RowFactory.create(bytes == null ? null : bytes(bytes), path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Object array(Object... elements) {
        List<Object> all = Arrays.asList(elements);
        return SparkArray.of(all);
    }
}
