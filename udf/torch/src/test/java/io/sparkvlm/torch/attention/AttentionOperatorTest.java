package io.sparkvlm.torch.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every operator, on the device and in the type of the test, against attention as its definition says. */
@Tag("device")
class AttentionOperatorTest {
    /** So few that a head's rows fall into several parts. */
    private static final long FEW_SCORES = 500;

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 3, 40, 16",
        "FLOAT32, 16, 64, 80",
        "BFLOAT16, 1, 1, 32",
        "BFLOAT16, 16, 64, 80",
        "BFLOAT16, 2, 300, 40"
    })
    void fullSeesEveryKey(DType dtype, int heads, int tokens, int size) {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
            float[][] given = given(3, heads * tokens * size);
            Tensor queries = tensor(given[0], factory, heads, tokens, size);
            Tensor keys = tensor(given[1], factory, heads, tokens, size);
            Tensor values = tensor(given[2], factory, heads, tokens, size);
            float[] expected = defined(queries, keys, values, 0, false);
            for (AttentionOperator operator : operators(factory)) {
                Tensor attended = factory.empty(heads, tokens, size);
                operator.full(queries, keys, values, attended);
                assertClose(HostTensors.toFloats(attended), expected, dtype, operator);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 2, 3, 20, 0, 16",
        "FLOAT32, 2, 3, 20, 37, 16",
        "BFLOAT16, 2, 6, 130, 0, 128",
        "BFLOAT16, 2, 6, 64, 129, 128",
        "BFLOAT16, 1, 7, 2, 500, 64"
    })
    void causalSeesTheKeysUpToItsOwn(DType dtype, int heads, int group, int rows, int context, int size) {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
            int keyCount = context + rows;
            int queryHeads = heads * group;
            float[] queryValues = given(1, queryHeads * rows * size)[0];
            float[][] given = given(2, heads * keyCount * size);
            // [rows, heads, size] in memory, as the projections leave them
            Tensor queries = tensor(queryValues, factory, rows, queryHeads, size)
                    .transpose(0, 1)
                    .unflatten(0, heads, group);
            Tensor keys = tensor(given[0], factory, heads, keyCount, size);
            Tensor values = tensor(given[1], factory, heads, keyCount, size);
            float[] expected = defined(
                    queries.reshape(queryHeads, rows, size),
                    keys.repeat_interleave(group, new LongOptional(0), new LongOptional()),
                    values.repeat_interleave(group, new LongOptional(0), new LongOptional()),
                    context,
                    true);
            for (AttentionOperator operator : operators(factory)) {
                Tensor attended =
                        factory.empty(rows, queryHeads, size).transpose(0, 1).unflatten(0, heads, group);
                operator.causal(queries, keys, values, attended);
                assertClose(HostTensors.toFloats(attended.reshape(queryHeads, rows, size)), expected, dtype, operator);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 3, 4, 33, 16", "BFLOAT16, 2, 6, 64, 128"})
    void maskedSeesWhatItsMaskLeaves(DType dtype, int heads, int rows, int context, int size) {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
            int keyCount = context + rows;
            float[] queryValues = given(1, heads * rows * size)[0];
            float[][] given = given(2, heads * keyCount * size);
            Tensor queries = tensor(queryValues, factory, heads, rows, size);
            Tensor keys = tensor(given[0], factory, heads, keyCount, size);
            Tensor values = tensor(given[1], factory, heads, keyCount, size);
            float[] expected = defined(queries, keys, values, context, true);
            Tensor mask = factory.causalMask(rows, keyCount).unsqueeze(0);
            for (AttentionOperator operator : operators(factory)) {
                assertClose(
                        HostTensors.toFloats(operator.masked(queries, keys, values, mask)), expected, dtype, operator);
            }
        }
    }

    private static AttentionOperator[] operators(TensorFactory factory) {
        return new AttentionOperator[] {
            AttentionOperator.on(factory), new PartedAttention(factory, FEW_SCORES), new FusedAttention(factory)
        };
    }

    private static float[][] given(int tensors, int count) {
        Random random = new Random(31L * count + tensors);
        float[][] values = new float[tensors][count];
        for (float[] some : values) {
            for (int i = 0; i < count; i++) {
                some[i] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static Tensor tensor(float[] values, TensorFactory factory, long... shape) {
        return factory.values(values).view(shape);
    }

    /** Softmax of the scaled products times the values, one query after the other, in Java's doubles. */
    private static float[] defined(Tensor queries, Tensor keys, Tensor values, int context, boolean causal) {
        int heads = (int) queries.size(0);
        int rows = (int) queries.size(1);
        int size = (int) queries.size(2);
        int keyCount = (int) keys.size(1);
        float[] q = HostTensors.toFloats(queries);
        float[] k = HostTensors.toFloats(keys);
        float[] v = HostTensors.toFloats(values);
        float[] attended = new float[heads * rows * size];
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < rows; row++) {
                int seen = causal ? context + row + 1 : keyCount;
                double[] shares = new double[seen];
                double sum = 0;
                for (int key = 0; key < seen; key++) {
                    double score = 0;
                    for (int i = 0; i < size; i++) {
                        score += (double) q[(head * rows + row) * size + i] * k[(head * keyCount + key) * size + i];
                    }
                    shares[key] = Math.exp(score / Math.sqrt(size));
                    sum += shares[key];
                }
                for (int i = 0; i < size; i++) {
                    double value = 0;
                    for (int key = 0; key < seen; key++) {
                        value += shares[key] / sum * v[(head * keyCount + key) * size + i];
                    }
                    attended[(head * rows + row) * size + i] = (float) value;
                }
            }
        }
        return attended;
    }

    private static void assertClose(float[] actual, float[] expected, DType dtype, AttentionOperator operator) {
        double tolerance =
                switch (dtype) {
                    case FLOAT32 -> 1e-5;
                    case BFLOAT16 -> 0.02; // shares and result are rounded to 8 bits
                };
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s, value %d", operator.getClass().getSimpleName(), i)
                    .isCloseTo(expected[i], Offset.offset((float) tolerance * (1 + Math.abs(expected[i]))));
        }
    }
}
