package io.sparkvlm.preprocessing;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.RequestRules;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;

/** Makes requests for tests, and looks into their results. */
public final class Requests {
    public static final RequestRules RULES = new RequestRules(
            List.of("served", "alias"),
            Strictness.LENIENT,
            new PixelBounds(4 * 784, 1280 * 784),
            new MediaCounts(3, 1),
            1,
            SamplingDefaults.OPENAI,
            JobSampling.NONE,
            7,
            1024);

    /** Longer than any prompt of the tests that are not about its end. */
    public static final ContextLength CONTEXT = new ContextLength(1 << 20);

    private Requests() {}

    public static Outcome<ValidRequest> validate(RequestRules rules, String json) {
        RequestValidator validator = new RequestValidator(rules);
        return RequestLine.read(json).flatMap(line -> validator.validate(line.envelope(), line.request(), "row-1"));
    }

    public static ValidRequest valid(String json) {
        return value(validate(RULES, json));
    }

    /** A body with these fields beside its messages: {@code "seed":1}. */
    public static String bodyWith(String fields) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]" + (fields.isEmpty() ? "" : "," + fields)
                + "}";
    }

    /** A body whose one message, a user's, holds these parts. */
    public static String bodyOfParts(String parts) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}";
    }

    public static <T> T value(Outcome<T> outcome) {
        return outcome.fold(value -> value, rejection -> {
            throw new AssertionError("expected a value, found " + rejection);
        });
    }

    public static Rejection rejection(Outcome<?> outcome) {
        return outcome.fold(
                value -> {
                    throw new AssertionError("expected a rejection, found " + value);
                },
                rejection -> rejection);
    }
}
