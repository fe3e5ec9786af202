package io.sparkvlm.engine.model;

import io.sparkvlm.engine.weights.TextConfig;
import java.util.Arrays;

/**
 * The language model written down once more as plainly as can be: one sequence at once, in double precision, without a
 * cache, blocks or batches. What paging and batching must not change is measured against it.
 */
final class PlainDecoder {
    private final TextConfig config;
    private final RandomWeights weights;

    PlainDecoder(TextConfig config, RandomWeights weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * The logits after each token, [tokens][vocabulary], with tied embeddings.
     *
     * @param positions [axis][tokens]
     */
    double[][] logits(int[] ids, int[][] positions) {
        int hiddenSize = config.hiddenSize();
        float[] embeddings = weights.values("model.embed_tokens.weight");
        double[][] hidden = new double[ids.length][hiddenSize];
        for (int row = 0; row < ids.length; row++) {
            for (int i = 0; i < hiddenSize; i++) {
                hidden[row][i] = embeddings[ids[row] * hiddenSize + i];
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "model.layers." + layer;
            add(hidden, attention(name + ".self_attn", norm(name + ".input_layernorm", hidden), positions));
            add(hidden, mlp(name + ".mlp", norm(name + ".post_attention_layernorm", hidden)));
        }
        return product(norm("model.norm", hidden), embeddings);
    }

    private double[][] attention(String name, double[][] input, int[][] positions) {
        int size = config.heads().size();
        double[][] queries = turned(linear(name + ".q_proj", input), positions);
        double[][] keys = turned(linear(name + ".k_proj", input), positions);
        double[][] values = linear(name + ".v_proj", input);
        double[][] attended = new double[input.length][config.heads().queries() * size];
        for (int head = 0; head < config.heads().queries(); head++) {
            int own = head * size;
            int shared = head / config.heads().group() * size;
            for (int row = 0; row < input.length; row++) {
                double[] shares = new double[row + 1];
                for (int seen = 0; seen <= row; seen++) {
                    for (int i = 0; i < size; i++) {
                        shares[seen] += queries[row][own + i] * keys[seen][shared + i] / Math.sqrt(size);
                    }
                }
                double largest = Arrays.stream(shares).max().orElseThrow();
                double sum = Arrays.stream(shares)
                        .map(share -> Math.exp(share - largest))
                        .sum();
                for (int seen = 0; seen <= row; seen++) {
                    double share = Math.exp(shares[seen] - largest) / sum;
                    for (int i = 0; i < size; i++) {
                        attended[row][own + i] += share * values[seen][shared + i];
                    }
                }
            }
        }
        return product(attended, weights.values(name + ".o_proj.weight"));
    }

    private double[][] turned(double[][] input, int[][] positions) {
        int size = config.heads().size();
        int half = size / 2;
        double[][] output = new double[input.length][input[0].length];
        for (int row = 0; row < input.length; row++) {
            for (int i = 0; i < input[row].length; i++) {
                int inHead = i % size;
                int frequency = inHead % half;
                double angle = positions[axis(frequency)][row]
                        / Math.pow(config.mrope().theta(), 2.0 * frequency / size);
                double other = inHead < half ? -input[row][i + half] : input[row][i - half];
                output[row][i] = input[row][i] * Math.cos(angle) + other * Math.sin(angle);
            }
        }
        return output;
    }

    private int axis(int frequency) {
        int afterTime = frequency - config.mrope().temporal();
        return afterTime < 0 ? 0 : afterTime < config.mrope().height() ? 1 : 2;
    }

    private double[][] mlp(String name, double[][] input) {
        double[][] gate = product(input, weights.values(name + ".gate_proj.weight"));
        double[][] up = product(input, weights.values(name + ".up_proj.weight"));
        for (int row = 0; row < gate.length; row++) {
            for (int i = 0; i < gate[row].length; i++) {
                gate[row][i] *= up[row][i] / (1 + Math.exp(-gate[row][i]));
            }
        }
        return product(gate, weights.values(name + ".down_proj.weight"));
    }

    private double[][] norm(String name, double[][] input) {
        float[] weight = weights.values(name + ".weight");
        double[][] output = new double[input.length][weight.length];
        for (int row = 0; row < input.length; row++) {
            double mean = Arrays.stream(input[row]).map(x -> x * x).average().orElseThrow();
            for (int i = 0; i < weight.length; i++) {
                output[row][i] = input[row][i] / Math.sqrt(mean + config.rmsNormEpsilon()) * weight[i];
            }
        }
        return output;
    }

    private double[][] linear(String name, double[][] input) {
        double[][] output = product(input, weights.values(name + ".weight"));
        float[] bias = weights.values(name + ".bias");
        for (double[] row : output) {
            for (int i = 0; i < row.length; i++) {
                row[i] += bias[i];
            }
        }
        return output;
    }

    private static double[][] product(double[][] input, float[] weight) {
        int inputs = input[0].length;
        double[][] output = new double[input.length][weight.length / inputs];
        for (int row = 0; row < input.length; row++) {
            for (int i = 0; i < output[row].length; i++) {
                for (int j = 0; j < inputs; j++) {
                    output[row][i] += input[row][j] * weight[i * inputs + j];
                }
            }
        }
        return output;
    }

    private static void add(double[][] sum, double[][] part) {
        for (int row = 0; row < sum.length; row++) {
            for (int i = 0; i < sum[row].length; i++) {
                sum[row][i] += part[row][i];
            }
        }
    }
}
