package io.sparkvlm.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparkvlm.job.demo.DemoQuestion.Subject;
import io.sparkvlm.job.demo.DemoScore.ScoredFault;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoScoreTest {
    private final Map<String, DemoAnswer> found = new HashMap<>(Map.of(
            "card-1", DemoAnswer.of("There is one star."),
            "card-2", DemoAnswer.of("There are two stars"),
            "film-1", DemoAnswer.of("The star moves up."),
            "bad-1", DemoAnswer.refused("invalid_value", "no such role"),
            "bad-2", DemoAnswer.refused("server_error", "something else")));

    @Test
    void countsRightAnswersByKind() {
        assertThat(DemoScore.of(Keys.small(), found).byKind(entry -> true))
                .isEqualTo(Map.of("count", new RightAnswers(1, 2), "motion", new RightAnswers(1, 1)));
    }

    @Test
    void takesNothingButTheSentenceForRight() {
        for (DemoAnswer answer : new DemoAnswer[] {
            DemoAnswer.of("there is one star."),
            DemoAnswer.of(""),
            DemoAnswer.refused("server_error", "There is one star.")
        }) {
            found.put("card-1", answer);
            assertThat(DemoScore.of(Keys.small(), found).answers().get(0).right())
                    .isFalse();
        }
    }

    @Test
    void countsOverThoseThatAreChosen() {
        DemoScore score = DemoScore.of(Keys.small(), found);
        assertThat(score.total(entry -> true)).isEqualTo(new RightAnswers(2, 3));
        assertThat(score.total(entry -> entry.question().subject() == Subject.FILMS)
                        .fraction())
                .isEqualTo(1);
        assertThat(score.total(entry -> false).fraction()).isZero();
    }

    @Test
    void expectsTheRightCodeOfABadRequest() {
        found.put("bad-1", DemoAnswer.of("an answer all the same"));
        assertThat(DemoScore.of(Keys.small(), found).faults())
                .extracting(ScoredFault::right)
                .containsExactly(false, false);
        found.put("bad-1", DemoAnswer.refused("invalid_value", "no such role"));
        assertThat(DemoScore.of(Keys.small(), found).faults())
                .extracting(ScoredFault::right)
                .containsExactly(true, false);
    }

    @Test
    void wantsARowForEachRequestAndNoOthers() {
        found.put("stranger", DemoAnswer.of("Hello!"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoScore.of(Keys.small(), found))
                .withMessageContaining("stranger");
        found.remove("stranger");
        found.remove("film-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoScore.of(Keys.small(), found))
                .withMessageContaining("film-1");
    }
}
