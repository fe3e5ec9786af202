package io.sparkvlm.spark.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.spark.LocalSpark;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class PreparationStampTest {
    @Test
    void answersBearTheNameOfTheModelThatGivesThem() throws Exception {
        Dataset<Row> prepared =
                LocalSpark.session().sql("select * from values ('small'), ('asked for'), (null) as t(prepared_model)");

        Dataset<Row> renamed = madeFor("small").renamed(prepared, madeFor("large"));

        assertThat(renamed.as(Encoders.STRING()).collectAsList()).containsExactly("large", "asked for", null);
    }

    /** A table that is kept is read by later versions of the job, and these read it by this layout. */
    @Test
    void theLayoutIsTheOneThatWasRecordedForItsVersion() throws IOException {
        assertThat(layout())
                .as(
                        """
                        prepared-layouts/%1$d.txt says what tables of version %1$d hold, and there are such tables: if the layout
                        has to change, raise PreparationStamp.VERSION to %2$d and record the new one as %2$d.txt""",
                        PreparationStamp.VERSION, PreparationStamp.VERSION + 1)
                .isEqualTo(recorded(PreparationStamp.VERSION));
    }

    @Test
    void everyVersionHasItsRecord() throws IOException {
        for (long version = 1; version <= PreparationStamp.VERSION; version++) {
            assertThat(recorded(version)).as("version " + version).isNotEmpty();
        }
        assertThat(PreparationStampTest.class.getResource(file(PreparationStamp.VERSION + 1)))
                .as("the record of a version that is not written yet")
                .isNull();
    }

    /** The columns with their types, and what a row's parameters look like. */
    private static List<String> layout() {
        GenerationParams params = new GenerationParams(
                new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, OptionalInt.of(0)),
                1,
                0,
                EndOfSequence.ENDS,
                Set.of(),
                List.of(),
                SpecialTokens.SKIPPED,
                Optional.empty());
        return Stream.concat(
                        Arrays.stream(Columns.PREPARED.fields())
                                .map(field ->
                                        field.name() + " " + field.dataType().catalogString()),
                        Stream.of("params " + GenerationParamsJson.write(params)))
                .toList();
    }

    private static List<String> recorded(long version) throws IOException {
        try (InputStream file = PreparationStampTest.class.getResourceAsStream(file(version))) {
            return new String(Objects.requireNonNull(file, file(version)).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static String file(long version) {
        return "/prepared-layouts/" + version + ".txt";
    }

    @Test
    void aTableOfOtherPatchesIsRefused() {
        PreparationStamp wide = new PreparationStamp(
                PreparationStamp.VERSION,
                "folder",
                "small",
                "fingerprint",
                new PatchGeometry(16, 2, 2).toString(),
                4096,
                Map.of());

        assertThatThrownBy(() -> wide.requireUsableBy(madeFor("small")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a table prepared for a model of patch_size 14, temporal_patch_size 2,"
                        + " spatial_merge_size 2, as folder is, found one for patch_size 16, temporal_patch_size 2,"
                        + " spatial_merge_size 2: prepare it again");
    }

    @Test
    void aTableOfTheFirstVersionSaysThatItsVersionIsOld() {
        Metadata made = new MetadataBuilder()
                .putLong("version", 1)
                .putString("model", "folder")
                .putString("served_name", "small")
                .putString("prompt_fingerprint", "fingerprint")
                .putLong("max_model_len", 4096)
                .putString("options", "seed 0")
                .build();
        StructType table = new StructType()
                .add(
                        "row_id",
                        DataTypes.StringType,
                        true,
                        new MetadataBuilder()
                                .putMetadata("sparkvlm.prepared", made)
                                .build());

        PreparationStamp stamp = PreparationStamp.of(table).orElseThrow();

        assertThatThrownBy(() -> stamp.requireUsableBy(madeFor("small")))
                .hasMessageContaining("found version 1: prepare it again");
    }

    @Test
    void saysWhatTheJobGaveItsRequestsWhateverSignsItHolds() throws Exception {
        String sampling = "{\"temperature\":0.5,\"stop\":[\"a, b\",\"c d\"]}";
        PreprocessingConfig usual = PreprocessingConfig.DEFAULT;
        Map<String, String> options = PreparationStamp.optionsOf(new PreprocessingSettings(
                "folder",
                new PreprocessingConfig(
                        usual.allowedLocalMediaPath(),
                        usual.webAccess(),
                        usual.mediaTimeout(),
                        usual.servedModelNames(),
                        usual.strictness(),
                        usual.maxModelLen(),
                        usual.imagePixels(),
                        usual.mediaLimits(),
                        usual.videoLimits(),
                        usual.decoderIsolation(),
                        usual.mediaPerPrompt(),
                        usual.mostChoices(),
                        usual.samplingDefaults(),
                        new JobSampling(sampling),
                        usual.seed()),
                MediaRoots.CLOSED,
                Set.of()));
        assertThat(options).containsEntry("temperature", "0.5").containsEntry("stop", "[\"a,\\u0020b\",\"c\\u0020d\"]");

        PreparationStamp made = new PreparationStamp(
                PreparationStamp.VERSION,
                "folder",
                "model",
                "fingerprint",
                PatchGeometry.QWEN2_VL.toString(),
                4096,
                options);
        Dataset<Row> prepared = LocalSpark.session().sql("select 'r' as row_id");
        assertThat(PreparationStamp.of(made.on(prepared).schema())).contains(made);
    }

    private static PreparationStamp madeFor(String servedName) {
        return new PreparationStamp(
                PreparationStamp.VERSION,
                "folder",
                servedName,
                "fingerprint",
                PatchGeometry.QWEN2_VL.toString(),
                4096,
                Map.of("seed", "0"));
    }
}
