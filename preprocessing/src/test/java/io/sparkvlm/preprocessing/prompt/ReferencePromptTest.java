package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.request.Chat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferencePromptTest {
    private static final Map<String, PromptEncoder> ENCODERS = new HashMap<>();

    @BeforeAll
    static void open() throws IOException {
        for (String name : new String[] {"tied", "untied"}) {
            ENCODERS.put(name, PromptEncoder.open(ReferenceCase.checkpoint(name)));
        }
    }

    @AfterAll
    static void close() {
        ENCODERS.values().forEach(PromptEncoder::close);
    }

    static Stream<ReferenceCase> cases() {
        return ReferenceCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promptIdsAndPositionsEqualTransformers(ReferenceCase reference) {
        ChatPrompt prompt = prompt(reference);
        ExpandedPrompt expanded = prompt.expand(reference.grids());

        assertThat(Requests.value(ENCODERS.get(reference.checkpointName()).text(chat(reference))))
                .isEqualTo(reference.prompt());
        assertThat(expanded.tokenIds()).isEqualTo(reference.inputIds());
        assertThat(prompt.tokens(reference.grids())).isEqualTo(reference.inputIds().length);
        assertThat(expanded.positions().temporal()).isEqualTo(reference.positions(0));
        assertThat(expanded.positions().height()).isEqualTo(reference.positions(1));
        assertThat(expanded.positions().width()).isEqualTo(reference.positions(2));
        assertThat(expanded.positions().next() - expanded.tokenIds().length).isEqualTo(reference.ropeDelta());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void generatedIdsBecomeTheTextThatTransformersDecodes(ReferenceCase reference) {
        TextStream stream = ENCODERS.get(reference.checkpointName())
                .textStream(chat(reference).generation());

        for (int id : reference.greedyIds()) {
            stream.onToken(new GeneratedToken(id, Optional.empty()));
        }

        assertThat(stream.text()).isEqualTo(reference.text());
    }

    private static ChatPrompt prompt(ReferenceCase reference) {
        return Requests.value(ENCODERS.get(reference.checkpointName()).encode(chat(reference), Requests.CONTEXT));
    }

    private static Chat chat(ReferenceCase reference) {
        return Requests.valid(reference.body()).chat();
    }
}
