package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.request.SamplingDefaults;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Objects;

/**
 * The rules that a job holds its requests to.
 *
 * @param servedModelNames what a request may call the model, beside {@value #ANY_MODEL}; the first is the answer's name
 *     for it where the request has none
 * @param imagePixels the default bounds of an image
 * @param mostChoices that a request may ask for: {@code n}
 * @param sampling what the job says of sampling, which goes before the defaults
 * @param seed of the job; a request without a seed gets one made from this and the row's id
 * @param vocabularySize one above the largest token id
 */
public record RequestRules(
        List<String> servedModelNames,
        Strictness strictness,
        PixelBounds imagePixels,
        MediaCounts mediaPerPrompt,
        int mostChoices,
        SamplingDefaults defaults,
        JobSampling sampling,
        long seed,
        int vocabularySize) {
    /** The name that is always valid. */
    public static final String ANY_MODEL = "model";

    public RequestRules {
        Objects.requireNonNull(strictness, "strictness");
        Objects.requireNonNull(imagePixels, "imagePixels");
        Objects.requireNonNull(mediaPerPrompt, "mediaPerPrompt");
        if (mostChoices < 1) {
            throw new IllegalArgumentException("expected at least one choice, found " + mostChoices);
        }
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(sampling, "sampling");
        servedModelNames = List.copyOf(servedModelNames);
    }
}
