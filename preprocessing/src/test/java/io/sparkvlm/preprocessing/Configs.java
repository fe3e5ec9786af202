package io.sparkvlm.preprocessing;

import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.nio.file.Path;
import java.util.List;

/** The configurations that the facade's tests need. */
final class Configs {
    private Configs() {}

    /** Everything by default but the folder. */
    static PreprocessingConfig reading(Path folder) {
        return of(folder, ContextLimit.OF_THE_MODEL, DefaultsSource.OPENAI);
    }

    static PreprocessingConfig of(Path folder, ContextLimit maxModelLen, DefaultsSource defaults) {
        return new PreprocessingConfig(
                folder.toString(),
                WebAccess.CLOSED,
                DownloadLimits.DEFAULT.deadline(),
                List.of("served"),
                Strictness.LENIENT,
                maxModelLen,
                PixelBounds.IMAGE_DEFAULT,
                MediaLimits.DEFAULT,
                VideoLimits.DEFAULT,
                DecoderIsolation.CHILD_PROCESSES,
                new MediaCounts(2, 1),
                1,
                defaults,
                JobSampling.NONE,
                0);
    }
}
