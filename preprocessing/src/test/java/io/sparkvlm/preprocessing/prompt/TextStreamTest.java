package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.openai.TokenLogprob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private static final Path TOKENIZER = ReferenceCase.checkpoint("tied").resolve("tokenizer.json");
    private static final int IM_END = 1012;

    private static Vocabulary vocabulary;

    @BeforeAll
    static void read() throws IOException {
        vocabulary = TokenizerFileTest.read(TOKENIZER).vocabulary();
    }

    @Test
    void aCharacterOfSeveralTokensAppearsWhenItIsWhole() {
        TextStream stream = stream("");

        tell(stream, bytes("a😀"));

        assertThat(stream.text()).isEqualTo("a😀");
    }

    @Test
    void bytesThatAreNoCharacterAreReplacedAtTheEnd() {
        TextStream stream = stream("");

        tell(stream, Arrays.copyOf(bytes("é😀"), 5));

        assertThat(stream.text()).isEqualTo("é\uFFFD");
    }

    @Test
    void aStopStringIsFoundAcrossTokensAndCutBefore() {
        TextStream stream = stream("\"stop\":[\"END\",\"zzz\"]");

        List<Verdict> verdicts = tell(stream, bytes("one END two"));

        assertThat(verdicts.indexOf(Verdict.STOP)).isEqualTo(6);
        assertThat(stream.text()).isEqualTo("one ");
    }

    @Test
    void aStopStringOfSeveralBytesIsFoundWhenItsLastByteComes() {
        TextStream stream = stream("\"stop\":\"中\"");

        List<Verdict> verdicts = tell(stream, bytes("a中b"));

        assertThat(verdicts.indexOf(Verdict.STOP)).isEqualTo(3);
        assertThat(stream.text()).isEqualTo("a");
    }

    @Test
    void theFirstCutHoldsWhateverComesAfterIt() {
        TextStream stream = stream("\"stop\":\"ab\"");

        tell(stream, bytes("xab"));

        assertThat(tell(stream, bytes("c"))).containsExactly(Verdict.STOP);
        assertThat(stream.text()).isEqualTo("x");
    }

    @Test
    void theLeftmostOfSeveralStopStringsCuts() {
        TextStream stream = stream("\"stop\":[\"c\",\"bcd\",\"abc\"]");

        tell(stream, bytes("abcd"));

        assertThat(stream.text()).isEmpty();
    }

    @Test
    void aStopStringIsNotLookedForBeforeMinTokens() {
        TextStream stream = stream("\"stop\":\"ab\",\"min_tokens\":4");

        List<Verdict> verdicts = tell(stream, bytes("abababab"));

        assertThat(verdicts.indexOf(Verdict.STOP)).isEqualTo(5);
        assertThat(stream.text()).isEqualTo("abab");
    }

    @Test
    void whatMayBecomeAStopStringIsHeldBackUntilItIsNone() {
        TextStream stream = stream("\"stop\":[\"abc\",\"bd\"]");

        assertThat(settled(stream, "xab")).isEqualTo("x");
        assertThat(settled(stream, "b")).isEqualTo("ab");
        assertThat(settled(stream, "e")).isEqualTo("be");
        assertThat(settled(stream, "éab")).isEqualTo("é");
        assertThat(settled(stream, "d")).isEqualTo("a");
        assertThat(stream.rest().isEmpty()).isTrue();
    }

    @Test
    void thePartsOfAnAnswerAreTheAnswer() {
        Random random = new Random(7);
        List<String> stops = List.of("ab", "aab", "aabaaab", "bé", "é", "ba\uFFFD");
        for (int i = 0; i < 2000; i++) {
            String fields = "\"logprobs\":true,\"min_tokens\":" + random.nextInt(8) + ",\"stop\":[\""
                    + stops.get(random.nextInt(stops.size())) + "\",\"" + stops.get(random.nextInt(stops.size()))
                    + "\"]";
            byte[] bytes = new byte[random.nextInt(1, 20)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = "aabé".getBytes(StandardCharsets.UTF_8)[random.nextInt(5)];
            }
            TextStream parts = stream(fields);
            TextStream whole = stream(fields);
            TextPart all = new TextPart("", Optional.of(List.of()));
            for (byte value : bytes) {
                GeneratedToken token = new GeneratedToken(
                        idOf(value), Optional.of(new Logprobs(-random.nextFloat(), new int[0], new float[0])));
                whole.onToken(token);
                Verdict verdict = parts.onToken(token);
                all = all.then(parts.settled());
                if (verdict == Verdict.STOP) {
                    break;
                }
            }
            all = all.then(parts.rest());
            assertThat(all.text()).as(fields + Arrays.toString(bytes)).isEqualTo(whole.text());
            assertThat(all.logprobs().orElseThrow().stream()
                            .map(score -> score.chosen().logprob()))
                    .containsExactlyElementsOf(whole.logprobs().orElseThrow().stream()
                            .map(score -> score.chosen().logprob())
                            .toList());
        }
    }

    private static String settled(TextStream stream, String more) {
        tell(stream, bytes(more));
        return stream.settled().text();
    }

    @Test
    void specialTokensShowOnlyWhenAskedFor() {
        TextStream skipping = stream("");
        TextStream showing = stream("\"skip_special_tokens\":false");

        for (TextStream stream : List.of(skipping, showing)) {
            stream.onToken(token(idOf((byte) 'a')));
            stream.onToken(token(IM_END));
        }

        assertThat(skipping.text()).isEqualTo("a");
        assertThat(showing.text()).isEqualTo("a<|im_end|>");
    }

    @Test
    void anIdBeyondTheTokenizersVocabularyIsNoText() {
        TextStream stream = stream("");

        stream.onToken(token(1_000_000));

        assertThat(stream.text()).isEmpty();
    }

    @Test
    void logprobsCarryTheBytesOfEachTokenAndItsAlternatives() {
        TextStream stream = stream("\"logprobs\":true,\"top_logprobs\":2");
        byte[] whole = bytes("é");

        for (byte part : whole) {
            stream.onToken(new GeneratedToken(
                    idOf(part),
                    Optional.of(
                            new Logprobs(-0.5f, new int[] {idOf(part), idOf((byte) 'a')}, new float[] {-0.5f, -2}))));
        }

        List<TokenLogprob> logprobs = stream.logprobs().orElseThrow();
        assertThat(logprobs).hasSize(2);
        assertThat(logprobs.get(0).chosen().bytes()).containsExactly(whole[0]);
        assertThat(logprobs.get(0).chosen().text()).isEqualTo("\uFFFD");
        assertThat(logprobs.get(1).chosen().bytes()).containsExactly(whole[1]);
        assertThat(logprobs.get(1).chosen().logprob()).isEqualTo(-0.5);
        assertThat(logprobs.get(1).top())
                .extracting(TokenLogprob.Candidate::text)
                .containsExactly("\uFFFD", "a");
        assertThat(stream.text()).isEqualTo("é");
    }

    @Test
    void logprobsOfTokensBehindTheCutAreLeftOut() {
        TextStream stream = stream("\"logprobs\":true,\"stop\":\"bc\"");

        for (byte part : bytes("abc")) {
            stream.onToken(new GeneratedToken(idOf(part), Optional.of(new Logprobs(-1, new int[0], new float[0]))));
        }

        assertThat(stream.logprobs().orElseThrow())
                .extracting(logprob -> logprob.chosen().text())
                .containsExactly("a");
    }

    @Test
    void thereAreNoLogprobsUnlessTheyWereAskedFor() {
        assertThat(stream("").logprobs()).isEmpty();
        assertThat(stream("\"logprobs\":true").logprobs()).contains(List.of());
    }

    @Test
    void randomIdsBecomeTheTextThatHuggingFaceDecodes() throws IOException {
        Random random = new Random(3);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(TOKENIZER)) {
            for (int i = 0; i < 1000; i++) {
                // Ids below 256 are single bytes here: mostly what is no UTF-8.
                int bound = i % 2 == 0 ? 256 : 1024;
                long[] ids = random.longs(random.nextInt(1, 30), 0, bound).toArray();
                TextStream skipping = stream("");
                TextStream showing = stream("\"skip_special_tokens\":false");
                for (long id : ids) {
                    skipping.onToken(token((int) id));
                    showing.onToken(token((int) id));
                }

                assertThat(skipping.text()).as(Arrays.toString(ids)).isEqualTo(tokenizer.decode(ids, true));
                assertThat(showing.text()).as(Arrays.toString(ids)).isEqualTo(tokenizer.decode(ids, false));
            }
        }
    }

    private static TextStream stream(String fields) {
        return new TextStream(
                vocabulary, Requests.valid(Requests.bodyWith(fields)).chat().generation());
    }

    private static List<Verdict> tell(TextStream stream, byte[] bytes) {
        List<Verdict> verdicts = new ArrayList<>();
        for (byte value : bytes) {
            Verdict verdict = stream.onToken(token(idOf(value)));
            verdicts.add(verdict);
            if (verdict == Verdict.STOP) {
                break;
            }
        }
        return verdicts;
    }

    private static GeneratedToken token(int id) {
        return new GeneratedToken(id, Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The token of one byte. */
    private static int idOf(byte value) {
        for (int id = 0; id < 256; id++) {
            if (Arrays.equals(vocabulary.bytes(id), new byte[] {value})) {
                return id;
            }
        }
        throw new AssertionError("expected a token for each byte, found none for " + value);
    }
}
