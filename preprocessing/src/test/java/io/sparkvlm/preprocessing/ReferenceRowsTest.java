package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares whole rows with what transformers made of the same requests. */
class ReferenceRowsTest {
    private static final Map<String, Preprocessor> PREPROCESSORS = new HashMap<>();

    @BeforeAll
    static void open() throws IOException {
        for (String name : new String[] {"tied", "untied"}) {
            PREPROCESSORS.put(
                    name,
                    Preprocessor.open(ReferenceCase.checkpoint(name), Configs.reading(ReferenceCase.media(name))));
        }
    }

    @AfterAll
    static void close() {
        PREPROCESSORS.values().forEach(Preprocessor::close);
    }

    static Stream<ReferenceCase> cases() {
        return ReferenceCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowBecomesThePromptAndPatchesOfTransformersAndItsIdsTheText(ReferenceCase reference) throws IOException {
        Preprocessor preprocessor = PREPROCESSORS.get(reference.checkpointName());
        PreparedRow row =
                preprocessor.prepare(new RequestRow("row-1", Optional.empty(), reference.body(), BinaryColumns.NONE));
        PreparedRequest prepared = Requests.value(row.outcome());
        ReadyRequest ready = Requests.value(preprocessor.encode(row));
        Prompt prompt = ready.task().prompt();
        int[] ids = reference.inputIds();

        assertThat(row.warnings()).isEmpty();
        assertThat(prepared.promptTokens()).isEqualTo(ids.length);
        assertThat(prepared.media()).extracting(PreparedMedia::grid).isEqualTo(reference.grids());
        assertThat(prompt.tokenIds()).isEqualTo(ids);
        assertThat(prompt.positions().temporal()).isEqualTo(reference.positions(0));
        assertThat(prompt.positions().height()).isEqualTo(reference.positions(1));
        assertThat(prompt.positions().width()).isEqualTo(reference.positions(2));
        assertThat(prompt.positions().next() - ids.length).isEqualTo(reference.ropeDelta());
        assertThat(prompt.vision().stream()
                        .map(input -> sha256(input.patches()))
                        .toList())
                .isEqualTo(reference.patchDigests());
        for (VisionInput input : prompt.vision()) {
            assertThat(IntStream.range(input.firstToken(), input.firstToken() + input.tokens())
                            .map(token -> ids[token])
                            .distinct())
                    .hasSize(1);
        }

        for (PreparedRow decoded : List.of(preprocessor.resize(row), preprocessor.resizeToKeep(row))) {
            assertEqual(Requests.value(preprocessor.encode(decoded)).task().prompt(), prompt);
        }

        List<GeneratedToken> generated = IntStream.of(reference.greedyIds())
                .mapToObj(id -> new GeneratedToken(id, Optional.empty()))
                .toList();
        generated.forEach(ready.task().listener()::onToken);
        Completion completion = preprocessor.complete(
                ready,
                new Generation(
                        generated,
                        FinishReason.LENGTH,
                        0,
                        new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO)));

        assertThat(completion.text()).isEqualTo(reference.text());
        assertThat(completion.usage())
                .isEqualTo(new Completion.Usage(ids.length, generated.size(), 0, prepared.visionTokens()));
    }

    private static void assertEqual(Prompt found, Prompt expected) {
        assertThat(found.tokenIds()).isEqualTo(expected.tokenIds());
        assertThat(found.positions().temporal()).isEqualTo(expected.positions().temporal());
        assertThat(found.positions().height()).isEqualTo(expected.positions().height());
        assertThat(found.positions().width()).isEqualTo(expected.positions().width());
        assertThat(found.positions().next()).isEqualTo(expected.positions().next());
        assertThat(found.vision()).hasSameSizeAs(expected.vision());
        for (int i = 0; i < expected.vision().size(); i++) {
            VisionInput input = expected.vision().get(i);
            assertThat(found.vision().get(i).patches()).isEqualTo(input.patches());
            assertThat(found.vision().get(i).grid()).isEqualTo(input.grid());
            assertThat(found.vision().get(i).firstToken()).isEqualTo(input.firstToken());
            assertThat(found.vision().get(i).contentHash()).isEqualTo(input.contentHash());
        }
    }

    private static String sha256(byte[] bytes) {
        return Sha256.hex(bytes);
    }
}
