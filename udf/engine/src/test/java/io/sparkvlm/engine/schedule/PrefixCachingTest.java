package io.sparkvlm.engine.schedule;

import static io.sparkvlm.engine.schedule.SchedulerTest.GENERATED;
import static io.sparkvlm.engine.schedule.SchedulerTest.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.schedule.StepPlan.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixCachingTest {
    private static final int BLOCK = 4;

    @Test
    void aSequenceThatBeginsAsAnotherDidComputesOnlyTheRest() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 100);
        Sequence first = prompt(1, 2, 3, 4, 5, 6, 7, 8, 9);
        answer(scheduler, first);
        Sequence second = prompt(1, 2, 3, 4, 5, 6, 7, 8, 20, 21);

        scheduler.add(second);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(second, 8, 2));
        assertThat(second.cachedTokens()).isEqualTo(8);
        assertThat(first.cachedTokens()).isZero();
    }

    @Test
    void theLastTokenIsComputedEvenWhereAllAreThere() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 100);
        answer(scheduler, prompt(1, 2, 3, 4, 5, 6, 7, 8));
        Sequence again = prompt(1, 2, 3, 4, 5, 6, 7, 8);

        scheduler.add(again);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(again, 4, 4));
    }

    @Test
    void whatWasGeneratedIsFoundToo() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 100);
        Sequence first = prompt(1, 2, 3);
        scheduler.add(first);
        IntStream.range(0, 6).forEach(i -> step(scheduler)); // 9 tokens, 8 of them computed
        scheduler.remove(first);
        Sequence next = prompt(1, 2, 3, GENERATED, GENERATED, GENERATED, GENERATED, GENERATED, 30);

        scheduler.add(next);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(next, 8, 1));
    }

    @Test
    void aBeginningThatIsBeingComputedIsWaitedForWhileOthersGoAhead() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 6, 100);
        Sequence first = prompt(1, 2, 3, 4, 5, 6, 7, 8, 9);
        Sequence twin = prompt(1, 2, 3, 4, 5, 6, 7, 8, 10);
        Sequence other = prompt(50, 51);
        List.of(first, twin, other).forEach(scheduler::add);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(first, 0, 6));
        assertThat(step(scheduler).slices()).containsExactly(new Slice(first, 6, 3), new Slice(other, 0, 2));
        assertThat(step(scheduler).slices())
                .containsExactly(new Slice(first, 9, 1), new Slice(other, 2, 1), new Slice(twin, 8, 1));
    }

    @Test
    void aTwinGoesAheadWhenTheFirstIsRemoved() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 4, 100);
        Sequence first = prompt(1, 2, 3, 4, 5, 6, 7, 8, 9);
        Sequence twin = prompt(1, 2, 3, 4, 5, 6, 7, 8, 9);
        List.of(first, twin).forEach(scheduler::add);
        step(scheduler);
        scheduler.remove(first);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(twin, 4, 4));
    }

    @Test
    void sequencesAreToldApartByTheirMediaAndTheMediasPlaces() {
        assertThat(cachedAfterAAtOneAndBAtFour(new PlacedMedium(1, 3, "a"), new PlacedMedium(4, 2, "b")))
                .isEqualTo(2 * BLOCK);
        assertThat(cachedAfterAAtOneAndBAtFour(new PlacedMedium(1, 3, "a"), new PlacedMedium(4, 2, "c")))
                .isEqualTo(BLOCK);
        assertThat(cachedAfterAAtOneAndBAtFour()).isZero();
        assertThat(cachedAfterAAtOneAndBAtFour(new PlacedMedium(1, 3, "b"), new PlacedMedium(4, 2, "a")))
                .isZero();
        assertThat(cachedAfterAAtOneAndBAtFour(new PlacedMedium(0, 3, "a"), new PlacedMedium(4, 2, "b")))
                .isZero();
        assertThat(cachedAfterAAtOneAndBAtFour(new PlacedMedium(1, 3, "ab"))).isZero();
    }

    /** Tokens that a sequence of these media finds where the same tokens were computed with two media, a and b. */
    private static int cachedAfterAAtOneAndBAtFour(PlacedMedium... media) {
        int[] ids = {7, 7, 7, 7, 7, 7, 7, 7, 1};
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 100);
        answer(scheduler, new Sequence(ids, List.of(new PlacedMedium(1, 3, "a"), new PlacedMedium(4, 2, "b"))));
        return cached(scheduler, new Sequence(ids, List.of(media)));
    }

    @Test
    void nothingIsFoundWhereCachingIsOff() {
        Scheduler scheduler = scheduler(PrefixCaching.OFF, 64, 100);
        answer(scheduler, prompt(1, 2, 3, 4, 5, 6, 7, 8, 9));
        Sequence again = prompt(1, 2, 3, 4, 5, 6, 7, 8, 9);

        scheduler.add(again);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(again, 0, 9));
        assertThat(again.cachedTokens()).isZero();
    }

    @Test
    void whatHasBeenUnusedForLongestMakesRoom() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 6);
        answer(scheduler, prompt(1, 1, 1, 1, 1)); // a full block each, and what is left of another
        answer(scheduler, prompt(2, 2, 2, 2, 2));
        answer(scheduler, prompt(1, 1, 1, 1, 1)); // used again
        answer(scheduler, prompt(IntStream.range(10, 30).toArray())); // five blocks: one of the two has to go

        assertThat(cached(scheduler, prompt(1, 1, 1, 1, 1))).isEqualTo(BLOCK);
        assertThat(cached(scheduler, prompt(2, 2, 2, 2, 2))).isZero();
    }

    @Test
    void aPreemptedSequenceFindsWhatItHadComputed() {
        Scheduler scheduler = scheduler(PrefixCaching.ON, 64, 4);
        Sequence oldest = prompt(1, 2, 3, 4, 5, 6, 7, 8);
        Sequence youngest = prompt(11, 12, 13, 14, 15, 16, 17);
        List.of(oldest, youngest).forEach(scheduler::add);
        step(scheduler);
        assertThat(step(scheduler).preempted()).containsExactly(youngest);
        scheduler.remove(oldest);

        assertThat(step(scheduler).slices()).containsExactly(new Slice(youngest, 4, 4));
        assertThat(youngest.cachedTokens()).isZero(); // others had computed nothing for it
    }

    /** The cache is modelled: a slot knows the whole beginning of the sequence that wrote it. */
    @Test
    void whateverIsReadIsWhatTheSequenceWouldHaveComputed() {
        Random random = new Random(3);
        int blocks = 24;
        List<List<Integer>> slots = new ArrayList<>(Collections.nCopies(blocks * BLOCK, List.of()));
        BlockPool pool = new BlockPool(blocks, BLOCK);
        Scheduler scheduler = new Scheduler(new SchedulerConfig(6, 16, PrefixCaching.ON), pool);
        List<Sequence> live = new ArrayList<>();
        long reused = 0;
        for (int i = 0; i < 4000; i++) {
            if (live.size() < 10) {
                Sequence sequence = prompt(random.ints(1 + random.nextInt(30), 0, 2)
                        .map(bit -> random.nextInt(8) == 0 ? bit : 1) // long beginnings that many share
                        .toArray());
                live.add(sequence);
                scheduler.add(sequence);
            }
            StepPlan plan = scheduler.plan();
            assertThat(plan.slices()).isNotEmpty();
            for (int block : plan.takenBlocks()) {
                slots.subList(block * BLOCK, (block + 1) * BLOCK).replaceAll(slot -> List.of());
            }
            for (Slice slice : plan.slices()) {
                List<Integer> tokens = tokens(slice.sequence());
                int[] table = slice.sequence().blockTable();
                for (int token = 0; token < slice.from(); token++) {
                    assertThat(slots.get(slot(table, token))).isEqualTo(tokens.subList(0, token + 1));
                }
                for (int token = slice.from(); token < slice.from() + slice.count(); token++) {
                    slots.set(slot(table, token), tokens.subList(0, token + 1));
                }
            }
            List<Sequence> complete = plan.slices().stream()
                    .filter(Slice::completes)
                    .map(Slice::sequence)
                    .toList();
            scheduler.advance(plan);
            complete.forEach(sequence -> sequence.append(random.nextInt(2)));
            for (Sequence sequence : List.copyOf(live)) {
                if (sequence.length() > 40
                        || (SchedulerTest.generatedTokens(sequence) > 0 && random.nextInt(12) == 0)) {
                    reused += sequence.cachedTokens();
                    scheduler.remove(sequence);
                    live.remove(sequence);
                }
            }
        }
        live.forEach(scheduler::remove);
        assertThat(reused).isGreaterThan(1000);
        assertThat(pool.freeBlocks()).isEqualTo(blocks);
        assertThat(scheduler.idle()).isTrue();
    }

    private static int slot(int[] blockTable, int token) {
        return blockTable[token / BLOCK] * BLOCK + token % BLOCK;
    }

    private static List<Integer> tokens(Sequence sequence) {
        return IntStream.range(0, sequence.length()).mapToObj(sequence::tokenId).toList();
    }

    private static Scheduler scheduler(PrefixCaching caching, int maxNumBatchedTokens, int blocks) {
        return new Scheduler(new SchedulerConfig(4, maxNumBatchedTokens, caching), new BlockPool(blocks, BLOCK));
    }

    private static Sequence prompt(int... ids) {
        return new Sequence(ids, List.of());
    }

    /** Computes a sequence to its first token, and lets it go. */
    private static void answer(Scheduler scheduler, Sequence sequence) {
        scheduler.add(sequence);
        while (SchedulerTest.generatedTokens(sequence) == 0) {
            step(scheduler);
        }
        scheduler.remove(sequence);
    }

    private static int cached(Scheduler scheduler, Sequence sequence) {
        answer(scheduler, sequence);
        return sequence.cachedTokens();
    }
}
