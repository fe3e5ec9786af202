package io.sparkvlm.torch.decoder;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.GpuAttentionKernels.Sequences;
import io.sparkvlm.torch.attention.GpuSequences;
import io.sparkvlm.torch.attention.PagedHeads;
import io.sparkvlm.torch.decoder.GpuDecoder.Model;
import io.sparkvlm.torch.rows.GpuRowKernels.Angles;
import org.bytedeco.pytorch.Tensor;

/** What a decode step's graph reads and writes beside weights and cache. Its addresses stay as long as it does. */
final class GpuDecoderBuffers implements AutoCloseable {
    /** Rows that there are at most beyond those that a graph was recorded for. */
    private static final int SPARE_ROWS = 32;

    /** 256 KB, so that many a block can be taken before there are more. */
    private static final long LEAST_NUMBERS = 1 << 16;

    /** Likewise. */
    private static final long LEAST_PARTS = 64;

    private final Size size;
    private final ResidentTensors resident = new ResidentTensors();
    private final Tensor numbers; // int32: what the step is told
    private final Angles angles;
    private final Tensor hidden; // [rows, width]
    private final Tensor normed; // as hidden
    private final Tensor projected; // [rows, query heads, key heads and value heads, head size]
    private final Tensor attended; // [rows, query heads, head size]
    private final Tensor gateAndUp; // [rows, 2 x inner]
    private final Tensor gated; // [rows, inner]
    private final Tensor parts; // float32: of attention, waiting to be joined
    private final Tensor logits; // float32, [rows, vocabulary]

    /**
     * How much it takes.
     *
     * @param numbers int32 that the step is told
     * @param parts of attention
     */
    record Size(long rows, long numbers, long parts) {
        static final Size NONE = new Size(0, 0, 0);

        boolean takes(long otherRows, long otherNumbers, long otherParts) {
            return otherRows <= rows && otherNumbers <= numbers && otherParts <= parts;
        }

        /** Larger than need be where it is too small, so that it seldom grows. */
        Size grownTo(long otherRows, long otherNumbers, long otherParts) {
            return new Size(
                    otherRows <= rows ? rows : Math.max(otherRows, Math.min(2 * rows, rows + SPARE_ROWS)),
                    Math.max(LEAST_NUMBERS, grown(numbers, otherNumbers)),
                    Math.max(LEAST_PARTS, grown(parts, otherParts)));
        }

        private static long grown(long before, long wanted) {
            return wanted <= before ? before : Math.max(wanted, 2 * before);
        }
    }

    GpuDecoderBuffers(Model model, Size size, TensorFactory factory) {
        this.size = size;
        long rows = size.rows;
        try (TensorScope scope = new TensorScope()) {
            this.numbers = resident.keep(factory.emptyIntegers(size.numbers));
            long half = model.headSize() / 2;
            this.angles = new Angles(
                    resident.keep(factory.emptyFloats(rows, half)),
                    resident.keep(factory.emptyFloats(rows, half)),
                    resident.keep(factory.emptyIndices(rows)));
            this.hidden = resident.keep(factory.empty(rows, model.width()));
            this.normed = resident.keep(factory.empty(rows, model.width()));
            this.projected = resident.keep(factory.empty(rows, model.heads(), model.headSize()));
            this.attended = resident.keep(factory.empty(rows, model.queryHeads(), model.headSize()));
            this.gateAndUp = resident.keep(factory.empty(rows, 2 * model.inner()));
            this.gated = resident.keep(factory.empty(rows, model.inner()));
            this.parts = resident.keep(factory.emptyFloats(size.parts, model.queryHeads(), model.headSize() + 2L));
            this.logits = resident.keep(factory.emptyFloats(rows, model.vocabulary()));
        } catch (RuntimeException | Error e) { // no memory, perhaps
            resident.close();
            throw e;
        }
    }

    /** What it takes for so many rows at most but for numbers and parts, which are few, in bytes. */
    static long bytes(long rows, long width, long inner, PagedHeads heads, long vocabulary) {
        long halves = 2 * width + (2L * heads.queries() + 2L * heads.keyValues()) * heads.size() + 3 * inner;
        long floats = heads.size() + vocabulary;
        return (rows + SPARE_ROWS) * (halves * DType.BFLOAT16.bytes() + floats * Float.BYTES);
    }

    Size size() {
        return size;
    }

    /** Copies to its beginning what the step is told. */
    void tell(int[] told) {
        try (TensorScope scope = new TensorScope()) {
            numbers.narrow(0, 0, told.length).copy_(Tensor.create(told, told.length));
        }
    }

    /**
     * Where the step's sequences lie among its numbers.
     *
     * @param first of the sequences' numbers
     */
    Sequences sequences(long first, long count, long mostParts) {
        long ofThem = address(numbers) + first * Integer.BYTES;
        return new Sequences(
                count, ofThem, ofThem + GpuSequences.NUMBERS * count * Integer.BYTES, mostParts, address(parts));
    }

    Tensor numbers() {
        return numbers;
    }

    Angles angles() {
        return angles;
    }

    Tensor hidden() {
        return hidden;
    }

    Tensor normed() {
        return normed;
    }

    Tensor projected() {
        return projected;
    }

    Tensor attended() {
        return attended;
    }

    Tensor gateAndUp() {
        return gateAndUp;
    }

    Tensor gated() {
        return gated;
    }

    Tensor logits() {
        return logits;
    }

    @Override
    public void close() {
        resident.close();
    }
}
