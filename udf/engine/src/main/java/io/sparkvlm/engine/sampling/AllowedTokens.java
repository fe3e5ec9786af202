package io.sparkvlm.engine.sampling;

import io.sparkvlm.torch.HostTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Rules out the tokens that rows' constraints do not allow: all rows' masks go to the device at once. */
final class AllowedTokens {
    /** Eight bits as eight bytes, the lowest first. */
    private static final long[] SPREAD =
            IntStream.range(0, 1 << Byte.SIZE).mapToLong(AllowedTokens::spread).toArray();

    private AllowedTokens() {}

    /** Changes logits, float32 [rows, vocab], in place; call it in a scope. */
    static void apply(Tensor logits, List<SamplingRow> rows) {
        int[] constrained = IntStream.range(0, rows.size())
                .filter(i -> rows.get(i).allowed().isPresent())
                .toArray();
        if (constrained.length == 0) {
            return;
        }
        int vocab = (int) logits.size(1);
        int width = (vocab + Long.SIZE - 1) / Long.SIZE * Long.SIZE;
        ByteBuffer bytes = ByteBuffer.allocate(constrained.length * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < constrained.length; i++) {
            spread(rows.get(constrained[i]).allowed().orElseThrow(), bytes.position(i * width), width);
        }
        Tensor banned = HostTensors.bytes(bytes.array(), logits.device())
                .view(constrained.length, width)
                .narrow(1, 0, vocab)
                .eq(new Scalar(0)); // bool [constrained, vocab]
        for (int i = 0; i < constrained.length; i++) {
            logits.select(0, constrained[i]).masked_fill_(banned.select(0, i), new Scalar(Float.NEGATIVE_INFINITY));
        }
    }

    private static void spread(long[] allowed, ByteBuffer bytes, int width) {
        for (int word = 0; word < Math.min(allowed.length, width / Long.SIZE); word++) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                bytes.putLong(SPREAD[(int) (allowed[word] >>> shift) & 0xFF]);
            }
        }
    }

    private static long spread(int bits) {
        long spread = 0;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            spread |= (long) (bits >>> bit & 1) << (bit * Byte.SIZE);
        }
        return spread;
    }
}
