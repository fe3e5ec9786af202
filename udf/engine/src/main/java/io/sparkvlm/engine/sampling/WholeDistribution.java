package io.sparkvlm.engine.sampling;

import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws tokens from distributions that keep every token, by inverting the distribution function in the vocabulary's order:
 * the run of tokens that holds a point is found from the masses of all runs, and the token within the run. So the device
 * adds the vocabulary up once, and the host sees one number a run and the tokens of one run.
 */
final class WholeDistribution {
    /** A square root of the vocabulary, or so: some 150 runs of 1,024 tokens. */
    private static final int RUN_TOKENS = 1024;

    private WholeDistribution() {}

    /**
     * A token for each row.
     *
     * @param probabilities float32 [rows, vocab]
     * @param uniforms a point in [0, 1) for each row
     */
    static int[] draw(Tensor probabilities, double[] uniforms) {
        try (TensorScope scope = new TensorScope()) {
            Tensor runMasses = runMasses(probabilities);
            int runs = (int) runMasses.size(1);
            Draw[] draws = draws(HostTensors.toFloats(runMasses), runs, uniforms);
            int[] firstTokens = new int[draws.length];
            for (int i = 0; i < draws.length; i++) {
                firstTokens[i] = draws[i].index() * RUN_TOKENS;
            }
            int vocab = (int) probabilities.size(1);
            float[] inRuns = HostTensors.toFloats(runsFrom(firstTokens, probabilities)); // [rows, RUN_TOKENS]
            int[] tokens = new int[draws.length];
            for (int i = 0; i < tokens.length; i++) {
                int count = Math.min(RUN_TOKENS, vocab - firstTokens[i]);
                tokens[i] = firstTokens[i]
                        + Draw.at(draws[i].rest(), inRuns, i * RUN_TOKENS, count)
                                .index();
            }
            return tokens;
        }
    }

    /** float32 [rows, runs]; the last run may be shorter. */
    private static Tensor runMasses(Tensor probabilities) {
        long vocab = probabilities.size(1);
        long inWholeRuns = vocab - vocab % RUN_TOKENS;
        TensorVector masses = new TensorVector();
        if (inWholeRuns > 0) {
            masses.push_back(probabilities
                    .narrow(1, 0, inWholeRuns)
                    .unflatten(1, inWholeRuns / RUN_TOKENS, RUN_TOKENS)
                    .sum(2));
        }
        if (inWholeRuns < vocab) {
            masses.push_back(probabilities
                    .narrow(1, inWholeRuns, vocab - inWholeRuns)
                    .sum(1)
                    .unsqueeze(1));
        }
        return torch.cat(masses, 1);
    }

    private static Draw[] draws(float[] masses, int runs, double[] uniforms) {
        Draw[] draws = new Draw[uniforms.length];
        for (int row = 0; row < draws.length; row++) {
            double mass = 0;
            for (int run = 0; run < runs; run++) {
                mass += masses[row * runs + run];
            }
            draws[row] = Draw.at(uniforms[row] * mass, masses, row * runs, runs);
        }
        return draws;
    }

    /** [rows, RUN_TOKENS] from a token of each row on; beyond the vocabulary its last token again. */
    private static Tensor runsFrom(int[] firstTokens, Tensor probabilities) {
        Device device = probabilities.device();
        int[] offsets = new int[RUN_TOKENS];
        for (int i = 0; i < RUN_TOKENS; i++) {
            offsets[i] = i;
        }
        Tensor tokens = HostTensors.indices(firstTokens, device)
                .unsqueeze(1)
                .add(HostTensors.indices(offsets, device))
                .clamp_max(new Scalar(probabilities.size(1) - 1));
        return probabilities.gather(1, tokens);
    }

    /**
     * Where a point falls in masses that lie end to end.
     *
     * @param index of the mass that holds the point
     * @param rest of the point within it
     */
    private record Draw(int index, double rest) {
        static Draw at(double point, float[] masses, int from, int count) {
            double rest = point;
            int last = 0;
            for (int i = 0; i < count; i++) {
                float mass = masses[from + i];
                if (rest < mass) {
                    return new Draw(i, rest);
                }
                if (mass > 0) {
                    last = i;
                    rest -= mass;
                }
            }
            return new Draw(last, masses[from + last]); // rounding left the point a last bit beyond all
        }
    }
}
