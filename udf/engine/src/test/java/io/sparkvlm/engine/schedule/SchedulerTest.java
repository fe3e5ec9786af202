package io.sparkvlm.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.schedule.StepPlan.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final int BLOCK = 4;
    static final int GENERATED = 1;

    @Test
    void newSequencesJoinWhileOthersDecode() {
        Scheduler scheduler = scheduler(8, 64, 100);
        Sequence first = prompt(5);
        scheduler.add(first);
        step(scheduler);
        Sequence second = prompt(7);
        scheduler.add(second);

        StepPlan plan = step(scheduler);

        assertThat(plan.slices()).containsExactly(new Slice(first, 5, 1), new Slice(second, 0, 7));
    }

    @Test
    void decodingComesBeforeALongPromptsChunks() {
        Scheduler scheduler = scheduler(8, 8, 100);
        Sequence longPrompt = prompt(20);
        Sequence shortPrompt = prompt(2);
        scheduler.add(shortPrompt);
        step(scheduler);
        scheduler.add(longPrompt);

        List<StepPlan> plans = List.of(step(scheduler), step(scheduler), step(scheduler));

        assertThat(plans.get(0).slices()).containsExactly(new Slice(shortPrompt, 2, 1), new Slice(longPrompt, 0, 7));
        assertThat(plans.get(1).slices()).containsExactly(new Slice(shortPrompt, 3, 1), new Slice(longPrompt, 7, 7));
        assertThat(plans.get(2).slices()).containsExactly(new Slice(shortPrompt, 4, 1), new Slice(longPrompt, 14, 6));
        assertThat(plans.get(1).slices().get(1).completes()).isFalse();
        assertThat(generatedTokens(longPrompt)).isEqualTo(1);
    }

    @Test
    void preemptsTheYoungestWhenBlocksRunOut() {
        Scheduler scheduler = scheduler(8, 64, 4);
        Sequence oldest = prompt(8); // two blocks, full
        Sequence youngest = prompt(7); // two blocks, one token free
        scheduler.add(oldest);
        scheduler.add(youngest);
        step(scheduler);

        StepPlan plan = step(scheduler); // the oldest needs a third block

        assertThat(plan.preempted()).containsExactly(youngest);
        assertThat(plan.slices()).containsExactly(new Slice(oldest, 8, 1));
        assertThat(youngest.computed()).isZero();
        assertThat(youngest.length()).isEqualTo(8);
    }

    @Test
    void aPreemptedSequenceIsComputedAgainWithWhatItHadGenerated() {
        Scheduler scheduler = scheduler(8, 64, 4);
        Sequence oldest = prompt(8);
        Sequence youngest = prompt(7);
        scheduler.add(oldest);
        scheduler.add(youngest);
        step(scheduler);
        step(scheduler);
        scheduler.remove(oldest);

        StepPlan plan = step(scheduler);

        assertThat(plan.slices()).containsExactly(new Slice(youngest, 0, 8));
        assertThat(plan.slices().get(0).completes()).isFalse(); // a token was appended by this step
    }

    @Test
    void thePreemptedComeBackOldestFirst() {
        Scheduler scheduler = scheduler(8, 64, 6);
        Sequence oldest = prompt(16); // four blocks, full
        Sequence middle = prompt(3);
        Sequence youngest = prompt(3);
        List.of(oldest, middle, youngest).forEach(scheduler::add);
        step(scheduler);
        List<Sequence> preempted = new ArrayList<>();
        for (int i = 0; i < 2; i++) { // the oldest needs a fifth block, then the middle one a second
            preempted.addAll(step(scheduler).preempted());
        }
        scheduler.remove(oldest);
        StepPlan plan = step(scheduler);

        assertThat(preempted).containsExactly(youngest, middle);
        assertThat(plan.slices().stream().map(Slice::sequence)).containsExactly(middle, youngest);
    }

    @Test
    void nobodyIsLetInByTheStepThatThrewSomebodyOut() {
        Scheduler scheduler = scheduler(8, 64, 4);
        Sequence oldest = prompt(8);
        Sequence youngest = prompt(7);
        scheduler.add(oldest);
        scheduler.add(youngest);
        step(scheduler);
        Sequence small = prompt(1);
        scheduler.add(small);

        StepPlan plan = step(scheduler);

        assertThat(plan.preempted()).containsExactly(youngest);
        assertThat(plan.slices()).extracting(Slice::sequence).containsExactly(oldest);
    }

    @Test
    void aLongPromptWaitsUntilAllOfItFitsAndIsComputedOnce() {
        Scheduler scheduler = scheduler(8, 16, 40);
        Sequence decoding = prompt(60);
        Sequence longPrompt = prompt(120);
        scheduler.add(decoding);
        scheduler.add(longPrompt);
        int computed = 0;

        for (int i = 0; i < 40; i++) {
            StepPlan plan = step(scheduler);
            computed += plan.slices().stream()
                    .filter(slice -> slice.sequence() == longPrompt)
                    .mapToInt(Slice::count)
                    .sum();
            assertThat(plan.preempted()).isEmpty();
            if (generatedTokens(decoding) == 20) {
                scheduler.remove(decoding);
            }
        }

        assertThat(generatedTokens(longPrompt)).isPositive();
        assertThat(computed).isEqualTo(longPrompt.computed());
    }

    @Test
    void aStepNamesTheBlocksThatItsSequencesTook() {
        Scheduler scheduler = scheduler(8, 64, 10);
        Sequence sequence = prompt(4);
        scheduler.add(sequence);

        assertThat(step(scheduler).takenBlocks()).hasSize(1);
        assertThat(step(scheduler).takenBlocks()).hasSize(1).containsExactly(sequence.blockTable()[1]);
        assertThat(step(scheduler).takenBlocks()).isEmpty();
    }

    @Test
    void atMostMaxNumSeqsRunAtOnce() {
        Scheduler scheduler = scheduler(2, 64, 100);
        for (int i = 0; i < 5; i++) {
            scheduler.add(prompt(3));
        }

        assertThat(step(scheduler).slices()).hasSize(2);
        assertThat(scheduler.runningSequences()).isEqualTo(2);
        assertThat(scheduler.waitingSequences()).isEqualTo(3);
    }

    @Test
    void noBlockIsSharedOrLostOverAThousandRandomSteps() {
        Random random = new Random(7);
        BlockPool pool = new BlockPool(12, BLOCK);
        Scheduler scheduler = new Scheduler(new SchedulerConfig(6, 16, PrefixCaching.OFF), pool);
        List<Sequence> live = new ArrayList<>();
        int finished = 0;
        for (int i = 0; i < 1000; i++) {
            if (live.size() < 10) {
                Sequence sequence = random.nextBoolean()
                        ? prompt(1 + random.nextInt(30))
                        : picture(random.nextInt(8), 1 + random.nextInt(20));
                live.add(sequence);
                scheduler.add(sequence);
            }
            StepPlan plan = step(scheduler);

            assertThat(plan.slices()).isNotEmpty();
            assertThat(plan.tokens()).isBetween(1, 16);
            assertThat(plan.slices())
                    .extracting(Slice::sequence)
                    .doesNotHaveDuplicates()
                    .noneMatch(plan.preempted()::contains);
            assertThat(plan.takenBlocks()).doesNotHaveDuplicates();
            Set<Integer> held = new HashSet<>();
            int heldBlocks = 0;
            for (Sequence sequence : live) {
                for (int block : sequence.blockTable()) {
                    held.add(block);
                    heldBlocks++;
                }
                assertThat(sequence.blockTable().length * BLOCK).isGreaterThanOrEqualTo(sequence.computed());
            }
            assertThat(held).hasSize(heldBlocks);
            assertThat(pool.freeBlocks() + heldBlocks).isEqualTo(12);
            for (Sequence sequence : List.copyOf(live)) {
                if (sequence.length() > 40 || (generatedTokens(sequence) > 0 && random.nextInt(12) == 0)) {
                    scheduler.remove(sequence);
                    live.remove(sequence);
                    finished++;
                }
            }
        }
        assertThat(finished).isGreaterThan(50);
        live.forEach(scheduler::remove);
        assertThat(pool.freeBlocks()).isEqualTo(12);
        assertThat(scheduler.idle()).isTrue();
    }

    @Test
    void stepsAreSmallerAfterOneForWhichThereWasNoMemoryAndGrowAgain() {
        Scheduler scheduler = scheduler(8, 64, 1000);
        scheduler.add(prompt(400));
        StepPlan tooLarge = scheduler.plan();
        scheduler.shrink(tooLarge);

        assertThat(tooLarge.tokens()).isEqualTo(64);
        StepPlan smaller = step(scheduler);
        assertThat(smaller.slices().get(0).from()).isZero();
        assertThat(smaller.tokens()).isEqualTo(32);
        for (int i = 1; i < 100; i++) {
            step(scheduler);
        }
        scheduler.add(prompt(400));
        assertThat(step(scheduler).tokens()).isEqualTo(64);
    }

    @Test
    void picturesBeginUpToAShareOfAStepSoThatDecodingGoesOn() {
        Scheduler scheduler = scheduler(8, 40, 100);
        Sequence decoding = prompt(2);
        scheduler.add(decoding);
        step(scheduler);
        Sequence first = picture(2, 12);
        Sequence second = picture(2, 12);
        scheduler.add(first);
        scheduler.add(second);

        List<StepPlan> plans = List.of(step(scheduler), step(scheduler));

        assertThat(plans.get(0).slices())
                .containsExactly(new Slice(decoding, 2, 1), new Slice(first, 0, 15), new Slice(second, 0, 2));
        assertThat(plans.get(1).slices())
                .containsExactly(new Slice(decoding, 3, 1), new Slice(first, 15, 1), new Slice(second, 2, 13));
    }

    @Test
    void anOlderPromptTakesTheBlocksOfOneThatWasToDecode() {
        Scheduler scheduler = scheduler(8, 40, 10);
        Sequence first = picture(0, 11);
        Sequence second = picture(4, 13); // five blocks, of which its text takes one while it waits for the tower
        Sequence decoding = prompt(7);
        List.of(first, second, decoding).forEach(scheduler::add);

        List<StepPlan> plans = List.of(step(scheduler), step(scheduler));

        assertThat(plans.get(0).slices())
                .containsExactly(new Slice(first, 0, 12), new Slice(second, 0, 4), new Slice(decoding, 0, 7));
        assertThat(plans.get(1).slices()).containsExactly(new Slice(first, 12, 1), new Slice(second, 4, 14));
        assertThat(plans.get(1).preempted()).containsExactly(decoding);
        assertThat(decoding.blockTable()).isEmpty();
        assertThat(plans.get(1).takenBlocks()).doesNotHaveDuplicates().hasSize(5);
    }

    @Test
    void onePictureIsNeverTooMany() {
        Scheduler scheduler = scheduler(8, 8, 100);
        Sequence picture = picture(0, 30);
        scheduler.add(picture);
        assertThat(step(scheduler).slices()).containsExactly(new Slice(picture, 0, 8));
    }

    /** Text, a picture, and a token of text. */
    private static Sequence picture(int textTokens, int pictureTokens) {
        return new Sequence(
                new int[textTokens + pictureTokens + 1],
                List.of(new PlacedMedium(textTokens, pictureTokens, textTokens + " " + pictureTokens)));
    }

    private static Scheduler scheduler(int maxNumSeqs, int maxNumBatchedTokens, int blocks) {
        return new Scheduler(
                new SchedulerConfig(maxNumSeqs, maxNumBatchedTokens, PrefixCaching.OFF), new BlockPool(blocks, BLOCK));
    }

    private static Sequence prompt(int tokens) {
        return new Sequence(new int[tokens], List.of());
    }

    static int generatedTokens(Sequence sequence) {
        return sequence.length() - sequence.promptTokens();
    }

    /** Plans a step and does what the engine does after it: each sequence that was computed whole gets a token. */
    static StepPlan step(Scheduler scheduler) {
        StepPlan plan = scheduler.plan();
        List<Sequence> complete = plan.slices().stream()
                .filter(Slice::completes)
                .map(Slice::sequence)
                .toList();
        scheduler.advance(plan);
        complete.forEach(sequence -> sequence.append(GENERATED));
        return plan;
    }
}
