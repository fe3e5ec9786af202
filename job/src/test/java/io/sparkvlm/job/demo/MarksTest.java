package io.sparkvlm.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparkvlm.job.demo.Marks.MarkedFault;
import io.sparkvlm.job.demo.Question.Subject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MarksTest {
    private final Map<String, Answer> found = new HashMap<>(Map.of(
            "card-1", Answer.of("There is one star."),
            "card-2", Answer.of("There are two stars"),
            "film-1", Answer.of("The star moves up."),
            "bad-1", Answer.refused("invalid_value", "no such role"),
            "bad-2", Answer.refused("server_error", "something else")));

    @Test
    void countsRightAnswersByKind() {
        assertThat(Marks.of(Keys.small(), found).byKind(entry -> true))
                .isEqualTo(Map.of("count", new Score(1, 2), "motion", new Score(1, 1)));
    }

    @Test
    void takesNothingButTheSentenceForRight() {
        for (Answer answer : new Answer[] {
            Answer.of("there is one star."), Answer.of(""), Answer.refused("server_error", "There is one star.")
        }) {
            found.put("card-1", answer);
            assertThat(Marks.of(Keys.small(), found).answers().get(0).right()).isFalse();
        }
    }

    @Test
    void countsOverThoseThatAreChosen() {
        Marks marks = Marks.of(Keys.small(), found);
        assertThat(marks.total(entry -> true)).isEqualTo(new Score(2, 3));
        assertThat(marks.total(entry -> entry.question().subject() == Subject.FILMS)
                        .fraction())
                .isEqualTo(1);
        assertThat(marks.total(entry -> false).fraction()).isZero();
    }

    @Test
    void expectsTheRightCodeOfABadRequest() {
        found.put("bad-1", Answer.of("an answer all the same"));
        assertThat(Marks.of(Keys.small(), found).faults())
                .extracting(MarkedFault::right)
                .containsExactly(false, false);
        found.put("bad-1", Answer.refused("invalid_value", "no such role"));
        assertThat(Marks.of(Keys.small(), found).faults())
                .extracting(MarkedFault::right)
                .containsExactly(true, false);
    }

    @Test
    void wantsARowForEachRequestAndNoOthers() {
        found.put("stranger", Answer.of("Hello!"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Marks.of(Keys.small(), found))
                .withMessageContaining("stranger");
        found.remove("stranger");
        found.remove("film-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Marks.of(Keys.small(), found))
                .withMessageContaining("film-1");
    }
}
