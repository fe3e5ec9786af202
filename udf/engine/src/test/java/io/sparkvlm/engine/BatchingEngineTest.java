package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.EngineTimes;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(600)
@Tag("device")
class BatchingEngineTest {
    private static final int BLOCK_SIZE_TOKENS = 16;
    private static final long VISION_CACHE_BYTES = 1 << 20;
    private static final SamplingParams WITH_LOGPROBS = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, OptionalInt.of(0));

    /**
     * How an engine is configured, and whether that makes it preempt.
     *
     * @param blocks of the cache beside those that the longest case takes alone
     */
    record Setting(
            String name,
            int maxNumSeqs,
            int maxNumBatchedTokens,
            int blocks,
            boolean preempts,
            PrefixCaching prefixes) {
        Setting(String name, int maxNumSeqs, int maxNumBatchedTokens, int blocks, boolean preempts) {
            this(name, maxNumSeqs, maxNumBatchedTokens, blocks, preempts, PrefixCaching.ON);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Setting> settings() {
        return Stream.of(
                new Setting("alone", 1, 4096, 256, false),
                new Setting("all in one batch", 64, 4096, 1024, false),
                new Setting("prefill in chunks of 16 tokens", 4, 16, 1024, false),
                new Setting("a cache so small that sequences are preempted", 64, 4096, 2, true));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void greedyTokensAreThoseOfTransformers(Setting setting) throws IOException {
        for (Path folder : Reference.folders()) {
            try (BatchingEngine engine = open(folder, setting)) {
                List<Reference> references = new ArrayList<>();
                references.addAll(Reference.all(folder));
                references.addAll(Reference.all(folder)); // each twice, so that a sequence meets its own twin
                Collections.shuffle(references, new Random(11));
                List<CompletableFuture<Outcome<Generation>>> futures = references.stream()
                        .map(reference -> engine.submit(new GenerationTask(
                                reference.prompt(),
                                WITH_LOGPROBS,
                                new StopRules(Math.max(1, reference.greedyIds().length), 0, Set.of()),
                                TokenListener.NONE)))
                        .toList();

                for (int i = 0; i < references.size(); i++) {
                    assertGreedy(references.get(i), generation(futures.get(i)));
                }
                EngineCounters counters = engine.counters();
                assertThat(counters.preemptions() > 0).isEqualTo(setting.preempts());
                assertThat(counters.submitted()).isEqualTo(references.size());
            }
        }
    }

    @Test
    void aProfileHasEveryStepAndWhereItsTimeWent(@TempDir Path folder) throws IOException {
        Path profile = folder.resolve("profile.json");
        Reference reference = Reference.all(Reference.folders().get(0)).stream()
                .filter(it -> !it.prompt().vision().isEmpty())
                .findFirst()
                .orElseThrow();
        EngineCounters counters;
        try (BatchingEngine engine = open(
                Reference.folders().get(0).resolve("checkpoint"),
                settings().findFirst().orElseThrow(),
                256,
                Optional.of(profile))) {
            generation(engine.submit(new GenerationTask(
                    reference.prompt(), SamplingParams.GREEDY, new StopRules(4, 4, Set.of()), TokenListener.NONE)));
            counters = engine.counters();
        }

        EngineTimes times = counters.times();
        assertThat(List.of(times.vision(), times.prefill(), times.decode(), times.sampling(), times.other()))
                .allSatisfy(time -> assertThat(time).isPositive());
        List<JsonNode> events = new ArrayList<>();
        new ObjectMapper().readTree(profile.toFile()).forEach(events::add);
        assertThat(events.stream().map(event -> event.path("name").asText()))
                .contains("vision", "prefill", "decode", "sampling");
        List<JsonNode> steps = events.stream()
                .filter(event -> event.path("name").asText().equals("step"))
                .map(event -> event.path("args"))
                .toList();
        assertThat(steps.stream().map(step -> step.path("tokens").asInt()))
                .containsExactly(reference.prompt().tokens(), 1, 1, 1);
        assertThat(steps.get(0).path("encoded_media").asInt()).isPositive();
    }

    /** A clock that stands still would keep it waiting for ever. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void theTimeWithNothingToDoGrowsWhileNothingIsDone() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            Generation unused = generation(engine.submit(task(prompt(3, 100), 2)));
            for (int i = 0; i < 3; i++) {
                Duration before = engine.counters().times().idle();
                while (engine.counters().times().idle().compareTo(before) <= 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void sampledTokensAreTheSameAloneAndInABatch() throws IOException {
        Path folder = Reference.folders().get(0);
        List<Reference> references = Reference.all(folder);
        List<int[]> alone = new ArrayList<>();
        try (BatchingEngine engine = open(folder, settings().findFirst().orElseThrow())) {
            for (int i = 0; i < 24; i++) {
                alone.add(ids(generation(engine.submit(sampled(references.get(i % references.size()), i)))));
            }
        }
        try (BatchingEngine engine = open(folder, new Setting("small", 64, 64, 2, true))) {
            List<CompletableFuture<Outcome<Generation>>> futures = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                futures.add(engine.submit(sampled(references.get(i % references.size()), i)));
            }
            for (int i = 0; i < 24; i++) {
                assertThat(ids(generation(futures.get(i)))).as("row " + i).isEqualTo(alone.get(i));
            }
            assertThat(engine.counters().preemptions()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(PrefixCaching.class)
    void whatBeginsAsAnotherDidGivesTheSameTokensWhetherItSharesThemOrNot(PrefixCaching caching) throws IOException {
        List<Reference> references = Reference.all(Reference.folders().get(0));
        Setting setting = new Setting("small chunks", 4, 24, 1024, false, caching);
        try (BatchingEngine engine = open(Reference.folders().get(0), setting)) {
            List<CompletableFuture<Outcome<Generation>>> futures = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                references.forEach(reference -> futures.add(engine.submit(new GenerationTask(
                        reference.prompt(),
                        WITH_LOGPROBS,
                        new StopRules(Math.max(1, reference.greedyIds().length), 0, Set.of()),
                        TokenListener.NONE))));
            }
            int found = 0;
            for (int i = 0; i < futures.size(); i++) {
                Generation generation = generation(futures.get(i));
                assertGreedy(references.get(i % references.size()), generation);
                found += generation.cachedTokens();
            }
            EngineCounters counters = engine.counters();
            assertThat(counters.cachedTokens()).isEqualTo(found);
            int prompts = 3
                    * references.stream()
                            .mapToInt(reference -> reference.ids().length)
                            .sum();
            assertThat(counters.promptTokens() + counters.cachedTokens()).isEqualTo(prompts);
            switch (caching) {
                case ON -> assertThat(found).isGreaterThan(prompts / 4);
                case OFF -> assertThat(found).isZero();
            }
            Set<String> media = references.stream()
                    .flatMap(reference -> reference.prompt().vision().stream())
                    .map(VisionInput::contentHash)
                    .collect(Collectors.toSet());
            assertThat(counters.encodedMedia()).isEqualTo(media.size());
        }
    }

    @Test
    void aConversationThatGoesOnComputesOnlyWhatIsNew() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            Prompt question = prompt(3, 100);
            Generation answer = generation(engine.submit(task(question, 30)));
            int[] further = IntStream.concat(
                            IntStream.concat(Arrays.stream(question.tokenIds()), Arrays.stream(ids(answer))),
                            IntStream.range(40, 60))
                    .toArray();

            Generation next = generation(engine.submit(task(prompt(further), 10)));

            // All but the answer's last token had been computed, and whole blocks are found.
            assertThat(next.cachedTokens()).isEqualTo(128);
            try (BatchingEngine other = openFirst()) {
                assertThat(ids(next)).isEqualTo(ids(generation(other.submit(task(prompt(further), 10)))));
            }
        }
    }

    @Test
    void aGenerationEndsWhereItsRulesSay() throws Exception {
        try (BatchingEngine engine = openFirst()) {
            List<Integer> free = idList(generation(engine.submit(text(1, new StopRules(12, 0, Set.of())))));
            int third = free.get(2);
            int firstSeen = free.indexOf(third);

            Generation stopped = generation(engine.submit(text(1, new StopRules(12, 0, Set.of(third)))));
            assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(idList(stopped)).isEqualTo(free.subList(0, firstSeen + 1));

            Generation limited = generation(engine.submit(text(1, new StopRules(5, 0, Set.of()))));
            assertThat(limited.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(idList(limited)).isEqualTo(free.subList(0, 5));

            Generation held = generation(engine.submit(text(1, new StopRules(12, 8, Set.of(third)))));
            assertThat(idList(held).subList(0, 8)).doesNotContain(third);
            assertThat(held.tokens()).hasSizeGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void aListenerHearsEachTokenOnceAndMayEndTheGeneration() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            List<Integer> heard = new ArrayList<>();
            TokenListener listener = token -> {
                heard.add(token.id());
                return heard.size() == 4 ? Verdict.STOP : Verdict.CONTINUE;
            };

            Generation generation = generation(engine.submit(new GenerationTask(
                    prompt(1, 10), SamplingParams.GREEDY, new StopRules(20, 0, Set.of()), listener)));

            assertThat(generation.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(heard).isEqualTo(idList(generation)).hasSize(4);
        }
    }

    @Test
    void aListenerThatFailsEndsItsOwnSequenceAlone() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            CompletableFuture<Outcome<Generation>> broken = engine.submit(
                    new GenerationTask(prompt(1, 10), SamplingParams.GREEDY, new StopRules(20, 0, Set.of()), token -> {
                        throw new IllegalStateException("made to fail");
                    }));
            CompletableFuture<Outcome<Generation>> other = engine.submit(text(2, new StopRules(6, 0, Set.of())));

            assertThat(rejection(broken).code()).isEqualTo(EngineCode.SERVER_ERROR);
            assertThat(generation(other).tokens()).hasSize(6);
        }
    }

    @Test
    void cancellingFreesWhatTheSequenceHeld() throws Exception {
        try (BatchingEngine engine = open(Reference.folders().get(0), new Setting("narrow", 1, 64, 64, false))) {
            CountDownLatch running = new CountDownLatch(1);
            CompletableFuture<Outcome<Generation>> endless = engine.submit(new GenerationTask(
                    prompt(1, 10), SamplingParams.GREEDY, new StopRules(1000, 0, Set.of()), token -> {
                        running.countDown();
                        return Verdict.CONTINUE;
                    }));
            CompletableFuture<Outcome<Generation>> next = engine.submit(text(2, new StopRules(3, 0, Set.of())));
            assertThat(running.await(5, TimeUnit.MINUTES)).isTrue();

            endless.cancel(false);

            assertThat(generation(next).tokens()).hasSize(3); // only one sequence may run at once
            assertThat(engine.counters().completionTokens()).isLessThan(1000);
        }
    }

    @Test
    void closingEndsEverySequenceWithAnEngineException() throws IOException {
        BatchingEngine engine = openFirst();
        List<CompletableFuture<Outcome<Generation>>> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            futures.add(engine.submit(text(i, new StopRules(1000, 0, Set.of()))));
        }

        engine.close();

        for (CompletableFuture<Outcome<Generation>> future : futures) {
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(future::join)
                    .withCauseInstanceOf(EngineException.class);
        }
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.submit(text(1, new StopRules(1, 0, Set.of()))))
                .withMessageContaining("closed");
    }

    @Test
    void aPromptThatCannotFitIsRejected() throws IOException {
        try (BatchingEngine engine =
                open(Reference.folders().get(0).resolve("checkpoint"), new Setting("tiny", 2, 64, 0, false), 2)) {
            assertThat(rejection(engine.submit(task(prompt(1, 32), 4))).code())
                    .isEqualTo(EngineCode.ENGINE_OUT_OF_MEMORY);
            assertThat(rejection(engine.submit(task(prompt(1, 40_000), 4))).code())
                    .isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
            // It fits at first and fills the whole cache later: 32 tokens, of which the last is never computed.
            assertThat(rejection(engine.submit(task(prompt(1, 20), 100))).message())
                    .contains("at most 32 tokens");
            assertThat(generation(engine.submit(task(prompt(1, 20), 12))).tokens())
                    .hasSize(12);
        }
    }

    @Test
    void whatIsChainedToAFutureMayCloseTheEngine() throws Exception {
        BatchingEngine engine = openFirst();

        engine.submit(text(1, new StopRules(2, 0, Set.of())))
                .thenAccept(outcome -> engine.close())
                .get(5, TimeUnit.MINUTES);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.submit(text(1, new StopRules(1, 0, Set.of()))));
        engine.close(); // and again, now waiting
    }

    @Test
    void queuedFuturesEndOnTheEnginesThread() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<?>> ended = new ArrayList<>();
        try (BatchingEngine engine = open(Reference.folders().get(0), new Setting("narrow", 1, 64, 64, false))) {
            for (int i = 0; i < 50; i++) {
                ended.add(engine.submit(text(i, new StopRules(500, 0, Set.of())))
                        .whenComplete((outcome, failure) ->
                                threads.add(Thread.currentThread().getName())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        assertThat(ended).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(threads).containsExactly("sparkvlm-engine");
    }

    @Test
    void aStopIdOutsideTheVocabularyIsRefusedAndHurtsNobody() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.submit(text(1, new StopRules(5, 2, Set.of(999_999)))));
            assertThat(generation(engine.submit(text(1, new StopRules(3, 0, Set.of()))))
                            .tokens())
                    .hasSize(3);
        }
    }

    @Test
    void countersAreUpToDateWhenAFutureEnds() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            for (int i = 1; i <= 50; i++) {
                generation(engine.submit(text(i, new StopRules(2, 0, Set.of()))));
                EngineCounters counters = engine.counters();
                assertThat(counters.finished()).isEqualTo(i);
                assertThat(counters.completionTokens()).isEqualTo(2L * i);
                assertThat(counters.running() + counters.waiting()).isZero();
            }
        }
    }

    @Test
    void idsOutsideTheVocabularyAreRefusedBeforeTheyReachTheModel() throws IOException {
        try (BatchingEngine engine = openFirst()) {
            MropePositions one = new MropePositions(new int[1], new int[1], new int[1], 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.submit(task(new Prompt(new int[] {1_000_000}, one, List.of()), 1)))
                    .withMessageContaining("found 1000000");
        }
    }

    private static void assertGreedy(Reference reference, Generation generation) {
        int recorded = reference.greedyIds().length;
        assertThat(ids(generation)).as(reference.name()).startsWith(reference.greedyIds());
        for (int i = 0; i < recorded; i++) {
            GeneratedToken token = generation.tokens().get(i);
            assertThat((double) token.logprobs().orElseThrow().chosen())
                    .as(reference.name() + ", token " + i)
                    .isCloseTo(reference.greedyLogprobs()[i], within(1e-3));
        }
    }

    private static BatchingEngine openFirst() throws IOException {
        return open(Reference.folders().get(0), new Setting("default", 16, 256, 1024, false));
    }

    private static BatchingEngine open(Path folder, Setting setting) throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        int longest = Reference.all(folder).stream()
                .mapToInt(reference -> reference.ids().length + reference.greedyIds().length)
                .max()
                .orElseThrow();
        return open(checkpoint, setting, setting.blocks() + longest / BLOCK_SIZE_TOKENS + 1);
    }

    private static BatchingEngine open(Path checkpoint, Setting setting, int blocks) throws IOException {
        return open(checkpoint, setting, blocks, Optional.empty());
    }

    private static BatchingEngine open(Path checkpoint, Setting setting, int blocks, Optional<Path> profile)
            throws IOException {
        return BatchingEngine.open(new EngineConfig(
                checkpoint,
                DeviceMesh.of(TestDevice.chosen()),
                DType.FLOAT32,
                Quantization.NONE,
                OptionalInt.empty(),
                setting.maxNumSeqs(),
                Math.max(setting.maxNumBatchedTokens(), setting.maxNumSeqs()),
                new CacheConfig(
                        BLOCK_SIZE_TOKENS,
                        OptionalLong.of(blocks * bytesPerBlock(checkpoint)),
                        setting.prefixes(),
                        VISION_CACHE_BYTES),
                1,
                profile));
    }

    private static long bytesPerBlock(Path folder) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            TextConfig text = checkpoint.config().text();
            long values =
                    2L * text.layers() * text.heads().keyValues() * text.heads().size();
            return values * DType.FLOAT32.bytes() * BLOCK_SIZE_TOKENS;
        }
    }

    private static GenerationTask sampled(Reference reference, long seed) {
        SamplingParams params = new SamplingParams(
                1.0, seed % 2 == 0 ? 0.9 : 1, seed % 3 == 0 ? 20 : 0, 0, 0.2, 0.1, 1.05, seed, OptionalInt.empty());
        return new GenerationTask(reference.prompt(), params, new StopRules(24, 0, Set.of()), TokenListener.NONE);
    }

    private static GenerationTask text(int seed, StopRules stop) {
        return new GenerationTask(prompt(seed, 10), SamplingParams.GREEDY, stop, TokenListener.NONE);
    }

    private static GenerationTask task(Prompt prompt, int maxTokens) {
        return new GenerationTask(
                prompt, SamplingParams.GREEDY, new StopRules(maxTokens, 0, Set.of()), TokenListener.NONE);
    }

    private static Prompt prompt(int seed, int tokens) {
        return prompt(new Random(seed).ints(tokens, 0, 256).toArray());
    }

    private static Prompt prompt(int[] ids) {
        int[] axis = IntStream.range(0, ids.length).toArray();
        return new Prompt(ids, new MropePositions(axis, axis, axis, ids.length), List.of());
    }

    private static Generation generation(CompletableFuture<Outcome<Generation>> future) {
        return future.join().fold(generation -> generation, rejection -> {
            throw new AssertionError(rejection);
        });
    }

    private static Rejection rejection(CompletableFuture<Outcome<Generation>> future) {
        return future.join()
                .fold(
                        generation -> {
                            throw new AssertionError(generation);
                        },
                        rejection -> rejection);
    }

    private static List<Integer> idList(Generation generation) {
        return generation.tokens().stream().map(GeneratedToken::id).toList();
    }

    private static int[] ids(Generation generation) {
        return generation.tokens().stream().mapToInt(GeneratedToken::id).toArray();
    }
}
