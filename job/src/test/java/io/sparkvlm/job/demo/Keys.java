package io.sparkvlm.job.demo;

import io.sparkvlm.job.demo.AnswerKey.Entry;
import io.sparkvlm.job.demo.AnswerKey.Fault;
import io.sparkvlm.job.demo.DemoQuestion.Subject;
import java.util.List;

/** A small key: two questions of one kind, one of another, two bad requests. */
final class Keys {
    private Keys() {}

    static AnswerKey small() {
        return new AnswerKey(
                List.of(
                        entry("card-1", "count", Subject.PICTURES, "There is one star."),
                        entry("card-2", "count", Subject.PICTURES, "There are two stars."),
                        entry("film-1", "motion", Subject.FILMS, "The star moves up.")),
                List.of(new Fault("bad-1", "invalid_value"), new Fault("bad-2", "image_file_not_found")));
    }

    private static Entry entry(String id, String kind, Subject subject, String answer) {
        return new Entry(
                id, kind, new DemoQuestion(subject, List.of("media/" + id + ".png"), 1, "What of it?"), answer);
    }
}
