package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequestSourceTest {
    private static final String SPLIT_KEY = "mapreduce.input.fileinputformat.split.maxsize";

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @Test
    void namesALineByItsFileAndFirstByte() throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), "{\"x\":\"é\"}\n\n \t\r\n{}\r\n{\"last\":1}");
        Files.createDirectories(folder.resolve("sub, dir"));
        Files.writeString(folder.resolve("sub, dir/b [1].jsonl"), "{}\n");
        Files.writeString(folder.resolve("_SUCCESS"), "hidden");
        Files.writeString(folder.resolve(".a.jsonl.crc"), "hidden");
        assertThat(linesOf(folder, 2))
                .isEqualTo(Map.of(
                        "a.jsonl:0", "{\"x\":\"é\"}",
                        "a.jsonl:16", "{}\r",
                        "a.jsonl:20", "{\"last\":1}",
                        "sub, dir/b [1].jsonl:0", "{}"));
    }

    @Test
    void namesALineTheSameHoweverTheFileIsCut() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append("{\"n\":").append("7".repeat(i % 50 + 1)).append("}\n");
        }
        Path file = Files.writeString(folder.resolve("many.jsonl"), lines);
        Map<String, String> whole = linesOf(file, 1);
        assertThat(whole).hasSize(40).containsKey("many.jsonl:0");
        for (int cores : new int[] {1, 3}) {
            for (int splitBytes : new int[] {7, 64, 1000}) {
                assertThat(linesOf(file, cores, Integer.toString(splitBytes))).isEqualTo(whole);
            }
        }
    }

    @Test
    void givesManySmallFilesToFewTasksInTheirOrder() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int file = 1000; file < 3000; file++) {
            Files.writeString(folder.resolve(file + ".jsonl"), "{}\n{}\n");
            ids.addAll(List.of(file + ".jsonl:0", file + ".jsonl:3"));
        }
        try (SparkSession spark = LocalSpark.withCores(2)) {
            Dataset<Row> rows = read(spark, folder);
            assertThat(rows.toJavaRDD().getNumPartitions())
                    .as("of 200 files each")
                    .isEqualTo(10);
            assertThat(rows.select(Columns.ROW_ID).as(Encoders.STRING()).collectAsList())
                    .containsExactlyElementsOf(ids);
        }
    }

    @Test
    void namesALineOfACompressedFileByItsByteInTheText() throws Exception {
        Path file = folder.resolve("packed.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"a\":1}\n{\"b\":2}\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(linesOf(file, 1))
                .isEqualTo(Map.of("packed.jsonl.gz:0", "{\"a\":1}", "packed.jsonl.gz:8", "{\"b\":2}"));
    }

    @Test
    void namesALineOfAnyPackedFileByItsByteInTheText() throws Exception {
        String text = "{\"a\":1}\n{\"b\":2}\n";
        Map<String, OutputStream> files = new TreeMap<>();
        files.put("p.jsonl.bz2", new BZip2CompressorOutputStream(Files.newOutputStream(folder.resolve("p.jsonl.bz2"))));
        files.put("p.jsonl.zst", new ZstdOutputStream(Files.newOutputStream(folder.resolve("p.jsonl.zst"))));
        for (OutputStream file : files.values()) {
            try (file) {
                file.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(linesOf(folder, 2))
                .isEqualTo(Map.of(
                        "p.jsonl.bz2:0", "{\"a\":1}",
                        "p.jsonl.bz2:8", "{\"b\":2}",
                        "p.jsonl.zst:0", "{\"a\":1}",
                        "p.jsonl.zst:8", "{\"b\":2}"));
    }

    @Test
    void readsAFileWithAColonInItsName() throws Exception {
        Files.writeString(folder.resolve("run_10:20.jsonl"), "{}\n{\"n\":1}\n");
        assertThat(linesOf(folder, 1)).isEqualTo(Map.of("run_10:20.jsonl:0", "{}", "run_10:20.jsonl:3", "{\"n\":1}"));
    }

    @Test
    void handsOnBytesAsTheyAre() throws Exception {
        Path file = Files.write(folder.resolve("bad.jsonl"), new byte[] {'{', (byte) 0xC3, '}', '\n'});
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Row row = read(spark, file).first();
            assertThat(row.<byte[]>getAs(Columns.REQUEST)).containsExactly('{', 0xC3, '}');
        }
    }

    @Test
    void readsATableWithABodyAndCarriesTheRest() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            StructType schema = new StructType()
                    .add("body", DataTypes.StringType)
                    .add("custom_id", DataTypes.LongType)
                    .add("picture", DataTypes.BinaryType)
                    .add("temperature", DataTypes.DoubleType)
                    .add("a.b", DataTypes.StringType);
            List<Row> rows = List.of(
                    RowFactory.create("{\"messages\":[]}", 7L, new byte[] {1, 2}, 20.5, "dotted"),
                    RowFactory.create(null, null, null, null, null));
            write(spark, rows, schema);
            Dataset<Row> table = read(spark, folder.resolve("table"));
            assertThat(table.schema().fieldNames())
                    .containsExactly("row_id", "custom_id", "request_json", "picture", "temperature", "a.b");
            List<Row> read = byId(table);
            assertThat(read.get(0).<String>getAs("row_id")).matches("part-.*\\.parquet:0");
            assertThat(read.get(1).<String>getAs("row_id")).matches("part-.*\\.parquet:1");
            assertThat(read.get(0).<String>getAs("custom_id")).isEqualTo("7");
            assertThat(read.get(0).<String>getAs("request_json")).isEqualTo("{\"messages\":[]}");
            assertThat(read.get(0).<String>getAs("a.b")).isEqualTo("dotted");
            assertThat(read.get(1).<String>getAs("request_json")).isNull();
        }
    }

    @Test
    void putsABodyTogetherFromColumns() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            StructType schema = new StructType()
                    .add("messages", DataTypes.StringType)
                    .add("temperature", DataTypes.DoubleType)
                    .add("stop", DataTypes.createArrayType(DataTypes.StringType))
                    .add("shop", DataTypes.StringType);
            List<Row> rows = List.of(
                    RowFactory.create(
                            "[{\"role\":\"user\",\"content\":\"hi\"}]", 0.5, new String[] {"a", "b"}, "north"),
                    RowFactory.create("no json", null, null, "south"));
            write(spark, rows, schema);
            List<Row> read = byId(read(spark, folder.resolve("table")));
            assertThat(read.get(0).<String>getAs("request_json"))
                    .isEqualTo("{\"temperature\":0.5,\"stop\":[\"a\",\"b\"],"
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(read.get(1).<String>getAs("request_json")).isEqualTo("{\"messages\":\"no json\"}");
            assertThat(read).extracting(row -> row.<String>getAs("shop")).containsExactly("north", "south");
        }
    }

    @Test
    void putsABodyTogetherFromStructures() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            StructType message =
                    new StructType().add("role", DataTypes.StringType).add("content", DataTypes.StringType);
            StructType schema = new StructType()
                    .add("messages", DataTypes.createArrayType(message))
                    .add("max_tokens", DataTypes.IntegerType);
            write(spark, List.of(RowFactory.create(new Row[] {RowFactory.create("user", "hi")}, 3)), schema);
            assertThat(read(spark, folder.resolve("table")).first().<String>getAs("request_json"))
                    .isEqualTo("{\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        }
    }

    @Test
    void putsPartsTogetherFromStructuresWhoseFieldsAreNullWhereTheyDoNotBelong() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            String part = "struct<type:string,text:string,image_url:struct<url:string,min_pixels:bigint>>";
            spark.sql("select from_json('[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                            + "{\"url\":\"a.png\",\"min_pixels\":784}},{\"type\":\"text\",\"text\":\"hi\"}]}]',"
                            + " 'array<struct<role:string,content:array<" + part + ">>>') as messages")
                    .write()
                    .parquet(folder.resolve("table").toString());
            assertThat(read(spark, folder.resolve("table")).first().<String>getAs("request_json"))
                    .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                            + "{\"url\":\"a.png\",\"min_pixels\":784}},{\"type\":\"text\",\"text\":\"hi\"}]}]}");
        }
    }

    @Test
    void takesEveryParameterThatWouldChangeTheAnswerFromAColumnOfItsName() throws Exception {
        List<String> parameters = List.of(
                ("model max_completion_tokens max_tokens temperature top_p frequency_penalty presence_penalty stop seed"
                                + " logprobs top_logprobs n stream stream_options response_format top_k min_p"
                                + " repetition_penalty ignore_eos min_tokens stop_token_ids skip_special_tokens tools"
                                + " tool_choice functions logit_bias modalities audio prediction chat_template"
                                + " chat_template_kwargs mm_processor_kwargs media_io_kwargs")
                        .split(" "));
        try (SparkSession spark = LocalSpark.withCores(2)) {
            spark.sql("select '[]' as messages, 'u' as user, "
                            + parameters.stream().map(name -> "'x' as " + name).collect(Collectors.joining(", ")))
                    .write()
                    .parquet(folder.resolve("table").toString());
            Row row = read(spark, folder.resolve("table")).first();
            assertThat(new ObjectMapper()
                            .readTree(row.<String>getAs("request_json"))
                            .fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("messages"), parameters.stream())
                            .toList());
            assertThat(row.<String>getAs("user")).isEqualTo("u");
        }
    }

    @Test
    void takesNumbersAsPandasWritesThemAmongNulls() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            spark.sql(
                            "select '[]' as messages, 64D as max_tokens, double('NaN') as temperature, 0.5D as top_p, float('NaN')"
                                    + " as min_p, 1e300D as seed, 2.5D as top_k, array(5D, 6.5D, double('NaN')) as"
                                    + " stop_token_ids, named_struct('max_pixels', 784D) as mm_processor_kwargs,"
                                    + " 3D as custom_id")
                    .write()
                    .parquet(folder.resolve("table").toString());
            Row row = read(spark, folder.resolve("table")).first();
            assertThat(row.<String>getAs("request_json"))
                    .startsWith("{\"max_tokens\":64,\"top_p\":0.5,\"seed\":1000")
                    .endsWith("000,\"top_k\":2.5,\"stop_token_ids\":[5,6.5,null],"
                            + "\"mm_processor_kwargs\":{\"max_pixels\":784},\"messages\":[]}");
            assertThat(row.<String>getAs("custom_id")).isEqualTo("3");
        }
    }

    @Test
    void writesNamesThatAreNumbersAsTheyAreMeant() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            spark.sql("select '{}' as body, id as custom_id from values (7D), (0.5D), (1e300D), (double('NaN')),"
                            + " (double('-Infinity')), (null) as t(id)")
                    .coalesce(1)
                    .write()
                    .parquet(folder.resolve("table").toString());
            assertThat(byId(read(spark, folder.resolve("table"))))
                    .extracting(row -> row.<String>getAs("custom_id"))
                    .containsExactly("7", "0.5", "1.0E300", null, "-Infinity", null);
        }
    }

    @Test
    void takesWhatIsNotFiniteForANumberOutOfRange() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            spark.sql("select array(named_struct('role', 'user', 'content', array(named_struct('type', 'video_url',"
                            + " 'fps', 2D, 'nframes', double('NaN'))))) as messages, double('Infinity') as temperature,"
                            + " 'Infinity' as user, float('-Infinity') as top_p")
                    .write()
                    .parquet(folder.resolve("table").toString());
            assertThat(read(spark, folder.resolve("table")).first().<String>getAs("request_json"))
                    .isEqualTo("{\"temperature\":1e999,\"top_p\":-1e999,\"messages\":[{\"role\":\"user\","
                            + "\"content\":[{\"type\":\"video_url\",\"fps\":2}]}]}");
        }
    }

    @Test
    void handsOnMessagesThatAreTooMuchToWhoRefusesThem() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            String deep = "[".repeat(2000);
            String many = "[" + "{},".repeat(600_000) + "{}]";
            write(
                    spark,
                    List.of(RowFactory.create(deep), RowFactory.create(many)),
                    new StructType().add("messages", DataTypes.StringType));
            assertThat(byId(read(spark, folder.resolve("table"))))
                    .extracting(row -> row.<String>getAs("request_json"))
                    .containsExactly(deep, many)
                    .allSatisfy(json -> assertThat(RequestLine.read(json)
                                    .<ErrorCode>fold(line -> EngineCode.SERVER_ERROR, Rejection::code))
                            .isEqualTo(RequestCode.INVALID_JSON_LINE));
        }
    }

    @Test
    void carriesColumnsThatTheOutputHasTooUnderOtherNamesAndSaysSo() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            spark.sql("select '{}' as body, 'mine' as Text, 7 as row_id, 'there' as input_text")
                    .write()
                    .parquet(folder.resolve("table").toString());
            Dataset<Row> table = read(spark, folder.resolve("table"));
            assertThat(table.schema().fieldNames())
                    .containsExactly("row_id", "request_json", "input_Text_2", "input_row_id", "input_text");
            assertThat(table.first().<String>getAs("input_Text_2")).isEqualTo("mine");
            assertThat(table.first().<Integer>getAs("input_row_id")).isEqualTo(7);
            assertThat(notes)
                    .containsExactly(
                            "the input's column Text is carried as input_Text_2, because another column has its"
                                    + " name",
                            "the input's column row_id is carried as input_row_id, because another column has"
                                    + " its name");
        }
    }

    @Test
    void refusesATableWithoutRequests() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            write(spark, List.of(RowFactory.create("x")), new StructType().add("question", DataTypes.StringType));
            assertThatThrownBy(() -> read(spark, folder.resolve("table")))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageContaining("body or messages")
                    .hasMessageContaining("question");
        }
    }

    @Test
    void takesTheFirstRowsHoweverSparkDealsTheFiles() throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), "{\"n\":1}\n{\"n\":2}\n");
        Files.writeString(folder.resolve("b.jsonl"), "{\"n\":3}\n".repeat(9) + "{\"n\":4}\n");
        try (SparkSession spark = LocalSpark.withCores(2)) {
            // Others first, as Spark deals the files of a table by their size; and ten stands behind nine.
            Dataset<Row> table = read(spark, folder).orderBy(col("row_id").desc());
            assertThat(byId(first(3, table)))
                    .extracting(row -> row.<String>getAs("row_id"))
                    .containsExactly("a.jsonl:0", "a.jsonl:8", "b.jsonl:0");
            assertThat(byId(first(4, table))).hasSize(4);
            assertThat(first(4, table).where("row_id = 'b.jsonl:8'").count()).isEqualTo(1);
            assertThat(first(13, table).count()).isEqualTo(12);
            assertThat(selection(Optional.empty()).firstOf(table).count()).isEqualTo(12);
        }
    }

    private Dataset<Row> first(long rows, Dataset<Row> table) throws JobRefusedException {
        return selection(Optional.of(rows)).firstOf(table);
    }

    private InputSelection selection(Optional<Long> limitRows) throws JobRefusedException {
        return new InputSelection(
                RequestFiles.find(folder.toString(), InputFormat.AUTO, new Configuration()),
                ColumnRoles.NONE,
                limitRows);
    }

    private void write(SparkSession spark, List<Row> rows, StructType schema) {
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .parquet(folder.resolve("table").toString());
    }

    private Map<String, String> linesOf(Path input, int cores, String... splitBytes)
            throws JobRefusedException, IOException {
        try (SparkSession spark = LocalSpark.withCores(cores)) {
            if (splitBytes.length > 0) {
                spark.sparkContext().hadoopConfiguration().set(SPLIT_KEY, splitBytes[0]);
            }
            Map<String, String> lines = new TreeMap<>();
            for (Row row : read(spark, input).collectAsList()) {
                String before = lines.put(
                        row.getAs(Columns.ROW_ID),
                        new String(row.<byte[]>getAs(Columns.REQUEST), StandardCharsets.UTF_8));
                assertThat(before).isNull();
            }
            return lines;
        }
    }

    private Dataset<Row> read(SparkSession spark, Path input) throws JobRefusedException {
        RequestFiles files = RequestFiles.find(input.toString(), InputFormat.AUTO, new Configuration());
        return RequestSources.of(files, ColumnRoles.NONE).read(spark, notes::add);
    }

    private static List<Row> byId(Dataset<Row> table) {
        List<Row> rows = new ArrayList<>(table.collectAsList());
        rows.sort(Comparator.comparing(row -> row.<String>getAs(Columns.ROW_ID)));
        return rows;
    }
}
