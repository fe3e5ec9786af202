package io.sparkvlm.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoReportTest {
    private final Map<String, DemoAnswer> found = new HashMap<>(Map.of(
            "card-1", DemoAnswer.of("There is one star."),
            "card-2", DemoAnswer.of("There are two stars."),
            "film-1", DemoAnswer.of("The star moves up."),
            "bad-1", DemoAnswer.refused("invalid_value", "no such role"),
            "bad-2", DemoAnswer.refused("image_file_not_found", "no such file")));

    @Test
    void readsAsASummaryForPeople() {
        assertThat(report(80))
                .isEqualTo(
                        """
                        Questions and answers. Shown are the first of each kind in the order of
                        requests.jsonl, and all that were answered wrong; none was.

                          card-1 (count): media/card-1.png
                            Q: What of it?
                            A: There is one star.

                          film-1 (motion): media/film-1.png
                            Q: What of it?
                            A: The star moves up.

                        Score. An answer is right when it is the expected sentence to the letter.

                          kind       right    of
                          count          2     2
                          motion         1     1
                          all            3     3  100.0 %

                        Errors. 2 requests are bad on purpose: 2 of them came to an error row with the
                        code they should. Of the others, none came to one.

                          1 image_file_not_found: bad-2, on purpose
                            no such file

                          1 invalid_value: bad-1, on purpose
                            no such role""");
    }

    @Test
    void showsAllWrongAnswersBesideWhatWasExpected() {
        found.put("card-2", DemoAnswer.of("There is one star."));
        assertThat(report(80))
                .contains("answered wrong: 1.")
                .contains(
                        """
                          card-2 (count): media/card-2.png
                            Q: What of it?
                            A: There is one star.
                            WRONG, expected: There are two stars.
                        """)
                .contains("count          1     2");
    }

    @Test
    void hidesNoErrorThatShouldNotBe() {
        found.put("film-1", DemoAnswer.refused("server_error", "it broke"));
        found.put("bad-1", DemoAnswer.of("Good morning."));
        found.put("bad-2", DemoAnswer.refused("server_error", "this too"));
        assertThat(report(200))
                .contains("A: none, see the errors")
                .contains("2 requests are bad on purpose: 0 of them")
                .contains("Of the others, 1 came to one.")
                .contains("2 server_error: bad-2 (WRONG, expected image_file_not_found); film-1 (WRONG, expected an"
                        + " answer)")
                .contains("WRONG, expected invalid_value for bad-1, found an answer: Good morning.");
    }

    @Test
    void fitsANarrowTerminal() {
        found.put("card-1", DemoAnswer.of("There is one star. ".repeat(20).strip()));
        assertThat(report(40).lines()).allMatch(line -> line.length() <= 40);
    }

    @Test
    void needsNoMoreThanAscii() {
        assertThat(report(80)).containsPattern("^\\p{ASCII}*$");
    }

    private String report(int width) {
        return new DemoReport(DemoScore.of(Keys.small(), found), width).text();
    }
}
