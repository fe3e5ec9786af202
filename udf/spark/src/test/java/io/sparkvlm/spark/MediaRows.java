package io.sparkvlm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows that name a picture each, and what the first stage makes of them. */
final class MediaRows {
    static final Path PICTURE = Path.of("../../preprocessing/src/test/resources/reference/tied/media/scene.png");
    static final int MAX_BYTES = 1 << 20;

    private static final Path CHECKPOINT = Path.of("../../preprocessing/src/test/resources/reference/tied/checkpoint");
    private static final StructType REQUESTS =
            new StructType().add(Columns.ROW_ID, DataTypes.StringType).add(Columns.REQUEST, DataTypes.StringType);

    private MediaRows() {}

    static Dataset<Row> table(int count, IntFunction<String> urls) {
        return table(IntStream.range(0, count).mapToObj(urls).toList());
    }

    static Dataset<Row> table(List<String> urls) {
        List<Row> rows = IntStream.range(0, urls.size())
                .mapToObj(i -> RowFactory.create(
                        "r" + i,
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                                + urls.get(i) + "\"}}]}]}"))
                .toList();
        return LocalSpark.session().createDataFrame(rows, REQUESTS);
    }

    /** The one row that names this. */
    static Row prepared(PreprocessingSettings settings, String url) {
        List<Row> rows = VlmStages.prepare(table(List.of(url)), settings).collectAsList();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    /** Empty of a row that is none. */
    static String errorCode(Row prepared) {
        return prepared.isNullAt(prepared.fieldIndex(Columns.ERROR))
                ? ""
                : prepared.<Row>getAs(Columns.ERROR).getAs("code");
    }

    /** What requests may name on other machines. */
    record Remote(WebAccess web, MediaRoots roots, int timeoutSeconds) {
        static final Remote CLOSED = new Remote(WebAccess.CLOSED, MediaRoots.CLOSED, 60);
    }

    static PreprocessingSettings settings(Remote remote, String localFolder) {
        PreprocessingConfig config = new PreprocessingConfig(
                localFolder,
                remote.web(),
                Duration.ofSeconds(remote.timeoutSeconds()),
                List.of("tiny"),
                Strictness.LENIENT,
                ContextLimit.OF_THE_MODEL,
                PixelBounds.IMAGE_DEFAULT,
                new MediaLimits(MAX_BYTES, MAX_BYTES),
                VideoLimits.of(1 << 20, MAX_BYTES, Duration.ofMinutes(1)),
                DecoderIsolation.CHILD_PROCESSES,
                new MediaCounts(10, 2),
                1,
                DefaultsSource.OPENAI,
                JobSampling.NONE,
                7);
        return new PreprocessingSettings(CHECKPOINT.toAbsolutePath().toString(), config, remote.roots(), Set.of());
    }
}
