package io.sparkvlm.preprocessing.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GenerationParamsJsonTest {
    private static final GenerationParams SILENT = new GenerationParams(
            new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, OptionalInt.empty()),
            4096,
            0,
            EndOfSequence.ENDS,
            Set.of(),
            List.of(),
            SpecialTokens.SKIPPED,
            Optional.empty());

    /** In every component unlike those of a silent request. */
    private static final GenerationParams CHOSEN = new GenerationParams(
            new SamplingParams(0.7, 0.9, 40, 0.05, 0.3, -0.2, 1.1, 8_000_000_000L, OptionalInt.of(3)),
            64,
            5,
            EndOfSequence.IGNORED,
            Set.of(7, 11),
            List.of("END", "\n"),
            SpecialTokens.SHOWN,
            Optional.of(new AnswerFormat(AnswerFormat.Kind.REGEX, TextNode.valueOf("a|b"))));

    @Test
    void whatIsWrittenIsReadAgain() {
        assertThat(GenerationParamsJson.read(GenerationParamsJson.write(CHOSEN)))
                .isEqualTo(CHOSEN);
        assertThat(GenerationParamsJson.read(GenerationParamsJson.write(SILENT)))
                .isEqualTo(SILENT);
    }

    /** A new component is not forgotten here, where its writing and reading would be missed. */
    @Test
    void everyComponentIsChosen() throws ReflectiveOperationException {
        assertDiffer(GenerationParams.class.getRecordComponents(), CHOSEN, SILENT);
        assertDiffer(SamplingParams.class.getRecordComponents(), CHOSEN.sampling(), SILENT.sampling());
    }

    private static void assertDiffer(RecordComponent[] components, Record one, Record other)
            throws ReflectiveOperationException {
        for (RecordComponent component : components) {
            assertThat(component.getAccessor().invoke(one))
                    .as(component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(other));
        }
    }
}
