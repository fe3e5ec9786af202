package io.sparkvlm.torch.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Attention as its definition says, in double precision, to random numbers in bfloat16. */
final class AttentionByDefinition {
    /** Shares and results are rounded to 8 bits; a result is a mean of values of about 1. */
    private static final double TOLERANCE = 0.02;

    private AttentionByDefinition() {}

    /**
     * Random sequences whose keys and values lie in blocks, computed both ways.
     *
     * @param sequences context+rows of each, with a blank between them
     */
    static void assertAsDefined(
            TensorFactory factory,
            PagedHeads heads,
            String sequences,
            Function<List<PagedSequence>, PagedAttention> attention) {
        Random random = new Random(heads.size());
        int blockSizeTokens = heads.blockSizeTokens();
        List<PagedSequence> parts = sequences(sequences, blockSizeTokens, random);
        int rows = parts.stream().mapToInt(PagedSequence::rows).sum();
        int slots = blockSizeTokens
                * parts.stream().mapToInt(part -> part.blocks().length).sum();
        int numbers = heads.keyValues() * slots * heads.size();
        try (TensorScope scope = new TensorScope()) {
            Tensor queries = normal(factory, random, rows * heads.queries() * heads.size())
                    .view(rows, heads.queries(), heads.size());
            Tensor keys = normal(factory, random, numbers).view(heads.keyValues(), slots, heads.size());
            Tensor values = normal(factory, random, numbers).view(heads.keyValues(), slots, heads.size());
            forgetWhatIsNotWritten(keys, parts, blockSizeTokens);
            forgetWhatIsNotWritten(values, parts, blockSizeTokens);
            Tensor attended = nothing(factory, rows, heads.queries(), heads.size());

            attention.apply(parts).attend(queries, keys, values, attended);

            double[] expected = new double[rows * heads.queries() * heads.size()];
            for (PagedSequence part : parts) {
                define(
                        queries,
                        keys.transpose(0, 1),
                        values.transpose(0, 1),
                        expected,
                        part.firstRow(),
                        part.rows(),
                        heads.group(),
                        key -> part.blocks()[key / blockSizeTokens] * blockSizeTokens + key % blockSizeTokens,
                        row -> part.context() + row + 1);
            }
            assertClose(attended, expected);
        }
    }

    private static List<PagedSequence> sequences(String text, int blockSizeTokens, Random random) {
        String[] parts = text.split(" ");
        int[][] numbers = Arrays.stream(parts)
                .map(part -> Arrays.stream(part.split("\\+"))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toArray(int[][]::new);
        int[] counts = Arrays.stream(numbers)
                .mapToInt(pair -> (pair[0] + pair[1] + blockSizeTokens - 1) / blockSizeTokens)
                .toArray();
        int[] blocks = shuffled(Arrays.stream(counts).sum(), random);
        List<PagedSequence> sequences = new ArrayList<>();
        int row = 0;
        int block = 0;
        for (int i = 0; i < numbers.length; i++) {
            int[] own = Arrays.copyOfRange(blocks, block, block + counts[i]);
            sequences.add(new PagedSequence(row, numbers[i][1], numbers[i][0], own));
            row += numbers[i][1];
            block += counts[i];
        }
        return sequences;
    }

    static int[] shuffled(int count, Random random) {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(numbers, random);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Slots after a sequence's last token: whatever reads them shows it. */
    private static void forgetWhatIsNotWritten(Tensor cache, List<PagedSequence> sequences, int blockSizeTokens) {
        for (PagedSequence sequence : sequences) {
            int[] blocks = sequence.blocks();
            int written = sequence.context() + sequence.rows();
            for (int token = written; token < blocks.length * blockSizeTokens; token++) {
                int slot = blocks[token / blockSizeTokens] * blockSizeTokens + token % blockSizeTokens;
                cache.narrow(1, slot, 1).fill_(new Scalar(Double.NaN));
            }
        }
    }

    static Tensor normal(TensorFactory factory, Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return factory.values(values);
    }

    /** Not numbers, so that what was not written shows. */
    static Tensor nothing(TensorFactory factory, long rows, long heads, long size) {
        return factory.empty(rows, heads, size).fill_(new Scalar(Double.NaN));
    }

    /**
     * Softmax of the scaled products times the values, one query after the other, in doubles.
     *
     * @param keys [key rows, key-value heads, size]; values likewise
     * @param expected [rows, heads, size]; rows first to first + count are written
     * @param keyRow the row of a key of this sequence
     */
    static void define(
            Tensor queries,
            Tensor keys,
            Tensor values,
            double[] expected,
            int first,
            int count,
            int group,
            IntUnaryOperator keyRow,
            IntUnaryOperator seen) {
        int heads = (int) queries.size(1);
        int keyValueHeads = (int) keys.size(1);
        int size = (int) queries.size(2);
        float[] q = HostTensors.toFloats(queries);
        float[] k = HostTensors.toFloats(keys);
        float[] v = HostTensors.toFloats(values);
        for (int row = 0; row < count; row++) {
            for (int head = 0; head < heads; head++) {
                int query = ((first + row) * heads + head) * size;
                double[] scores = new double[seen.applyAsInt(row)];
                for (int key = 0; key < scores.length; key++) {
                    int at = (keyRow.applyAsInt(key) * keyValueHeads + head / group) * size;
                    for (int i = 0; i < size; i++) {
                        scores[key] += (double) q[query + i] * k[at + i] / Math.sqrt(size);
                    }
                }
                double largest = Arrays.stream(scores).max().orElseThrow();
                double sum = Arrays.stream(scores)
                        .map(score -> Math.exp(score - largest))
                        .sum();
                for (int key = 0; key < scores.length; key++) {
                    int at = (keyRow.applyAsInt(key) * keyValueHeads + head / group) * size;
                    for (int i = 0; i < size; i++) {
                        expected[query + i] += Math.exp(scores[key] - largest) / sum * v[at + i];
                    }
                }
            }
        }
    }

    static void assertClose(Tensor actual, double[] expected) {
        float[] found = HostTensors.toFloats(actual);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            double difference = Math.abs(found[i] - expected[i]);
            if (!(difference <= TOLERANCE * (1 + Math.abs(expected[i])))) {
                assertThat((double) found[i]).as("value %d", i).isEqualTo(expected[i]);
            }
        }
    }
}
