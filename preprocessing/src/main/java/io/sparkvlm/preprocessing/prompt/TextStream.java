package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.preprocessing.openai.TokenLogprob;
import io.sparkvlm.preprocessing.openai.TokenLogprob.Candidate;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Turns generated tokens into text, which the first stop string ends.
 *
 * <p>One for each generation. Told tokens on the engine's thread; read, on any one thread, after the generation's
 * future has completed, which orders the two.
 */
public final class TextStream implements TokenListener {
    private final Vocabulary vocabulary;
    private final GenerationParams generation;
    private final StopStrings stops;
    private final Utf8Text utf8 = new Utf8Text();
    private final StringBuilder text = new StringBuilder();
    private final List<Scored> scored = new ArrayList<>();
    private int tokens;
    private int told;
    private int scoresTold;
    private OptionalInt cut = OptionalInt.empty();

    TextStream(Vocabulary vocabulary, GenerationParams generation) {
        this.vocabulary = vocabulary;
        this.generation = generation;
        this.stops = new StopStrings(generation.stopStrings());
    }

    /** An empty one for another attempt at the same generation. */
    public TextStream anew() {
        return new TextStream(vocabulary, generation);
    }

    @Override
    public Verdict onToken(GeneratedToken token) {
        int start = text.length();
        if (generation.specialTokens() == SpecialTokens.SHOWN || !vocabulary.isSpecial(token.id())) {
            text.append(utf8.append(vocabulary.bytes(token.id())));
        }
        token.logprobs().ifPresent(logprobs -> scored.add(new Scored(start, scores(token.id(), logprobs))));
        tokens++;
        OptionalInt found = stops.read(text, start);
        if (cut.isEmpty() && tokens > generation.minTokens()) {
            cut = found;
        }
        return cut.isPresent() ? Verdict.STOP : Verdict.CONTINUE;
    }

    /**
     * The answer up to the stop string that was found first. To be asked when no more tokens come: bytes at its end that
     * are no whole character yet become U+FFFD and stay so.
     */
    public String text() {
        text.append(utf8.end());
        return text.substring(0, cut.orElse(text.length()));
    }

    /**
     * What no token to come can take back, without what was told before: a character that is not whole yet is held back, and so
     * is what may be the beginning of a stop string. To be asked where tokens come.
     */
    public TextPart settled() {
        int end = cut.orElse(text.length() - stops.begun());
        return part(end, token -> token.start() < end);
    }

    /** All that was not told yet. To be asked when no more tokens come. */
    public TextPart rest() {
        text.append(utf8.end());
        return part(cut.orElse(text.length()), this::isInTheText);
    }

    private TextPart part(int end, Predicate<Scored> taken) {
        List<TokenLogprob> scores = scored.subList(scoresTold, scored.size()).stream()
                .takeWhile(taken)
                .map(Scored::logprob)
                .toList();
        TextPart part = new TextPart(
                text.substring(told, end),
                generation.sampling().topLogprobs().isEmpty() ? Optional.empty() : Optional.of(scores));
        told = end;
        scoresTold += scores.size();
        return part;
    }

    /** The tokens of which the text holds at least a part; empty when the request did not ask for log-probabilities. */
    public Optional<List<TokenLogprob>> logprobs() {
        return generation.sampling().topLogprobs().isEmpty()
                ? Optional.empty()
                : Optional.of(scored.stream()
                        .filter(this::isInTheText)
                        .map(Scored::logprob)
                        .toList());
    }

    private boolean isInTheText(Scored token) {
        return cut.isEmpty() || token.start() < cut.getAsInt();
    }

    private TokenLogprob scores(int id, Logprobs logprobs) {
        List<Candidate> top = new ArrayList<>(logprobs.topIds().length);
        for (int i = 0; i < logprobs.topIds().length; i++) {
            top.add(candidate(logprobs.topIds()[i], logprobs.top()[i]));
        }
        return new TokenLogprob(candidate(id, logprobs.chosen()), top);
    }

    private Candidate candidate(int id, float logprob) {
        byte[] bytes = vocabulary.bytes(id);
        Utf8Text alone = new Utf8Text();
        return new Candidate(alone.append(bytes) + alone.end(), logprob, bytes);
    }

    /** @param start the length of the text when the token came */
    private record Scored(int start, TokenLogprob logprob) {}
}
