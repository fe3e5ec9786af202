package io.sparkvlm.job.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.PreprocessingConfig;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class RequestOptionsTest {
    @Test
    void defaultsAreThoseOfPreprocessing() {
        RequestOptions options = new RequestOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs();
        PreprocessingConfig usual = PreprocessingConfig.DEFAULT;

        assertThat(options.config(usual.servedModelNames(), usual.maxModelLen()))
                .isEqualTo(usual);
    }
}
