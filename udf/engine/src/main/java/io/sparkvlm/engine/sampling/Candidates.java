package io.sparkvlm.engine.sampling;

import io.sparkvlm.api.SamplingParams;
import java.util.OptionalInt;

/**
 * Chooses one of the likeliest tokens, of those that the parameters leave.
 *
 * <p>The order is vLLM's: temperature, then min_p, then top_k, then top_p over what top_k left.
 */
final class Candidates {
    private final long[] ids;
    private final double[] probabilities;
    private final boolean complete;

    /**
     * @param ids the likeliest tokens, the likeliest first
     * @param probabilities of those tokens after temperature, out of the whole vocabulary
     * @param complete whether this is the whole vocabulary
     */
    Candidates(long[] ids, double[] probabilities, boolean complete) {
        this.ids = ids;
        this.probabilities = probabilities;
        this.complete = complete;
    }

    /** The token at a point of what the parameters leave; empty when a token that is not here might be left too. */
    OptionalInt choose(SamplingParams params, double uniform) {
        int kept = params.minP() > 0 ? atLeast(params.minP() * probabilities[0]) : ids.length;
        boolean known = complete || kept < ids.length;
        if (params.topK() > 0 && params.topK() <= kept) {
            kept = params.topK();
            known = true;
        }
        if (!known && (params.minP() > 0 || params.topK() > 0)) {
            return OptionalInt.empty();
        }
        if (params.topP() < 1) {
            // top_p is a share of what min_p and top_k left.
            double mass = known ? sum(kept) : 1;
            OptionalInt nucleus = reaching(params.topP() * mass, kept);
            known |= nucleus.isPresent();
            kept = nucleus.orElse(kept);
        }
        return known ? OptionalInt.of((int) ids[at(uniform * sum(kept), kept)]) : OptionalInt.empty();
    }

    /** How many are at least so likely; the likeliest always is. */
    private int atLeast(double floor) {
        int count = 1;
        while (count < probabilities.length && probabilities[count] >= floor) {
            count++;
        }
        return count;
    }

    /** How many of the kept it takes to reach a mass, if they do. */
    private OptionalInt reaching(double mass, int kept) {
        double cumulated = 0;
        for (int i = 0; i < kept; i++) {
            cumulated += probabilities[i];
            if (cumulated >= mass) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    /** The token whose share of the mass holds a point. */
    private int at(double point, int kept) {
        double cumulated = 0;
        for (int i = 0; i < kept; i++) {
            cumulated += probabilities[i];
            if (point < cumulated) {
                return i;
            }
        }
        return kept - 1; // rounding left the point a last bit beyond the mass
    }

    private double sum(int kept) {
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += probabilities[i];
        }
        return sum;
    }
}
