package io.sparkvlm.torch.rows;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.natives.RowKernels;
import org.bytedeco.pytorch.Tensor;

/** What layers do to each row by itself, in the way that is fastest on its device. A row's result depends on it alone. */
public interface RowOperators {
    /** Puts each row [rows, width] over its root mean square, times the weights [width]. */
    Tensor normalized(Tensor input, Tensor weight, double epsilon);

    /**
     * Turns every head of every row in place: the pair (x[i], x[i + half]) by the row's angle i.
     *
     * @param heads [rows, heads, head size], a row's heads side by side
     * @param cosines float32, [rows, 1, half a head]; sines likewise
     */
    void turn(Tensor heads, Tensor cosines, Tensor sines);

    /**
     * Copies each row to its slot.
     *
     * @param heads [rows, heads, head size], a row's heads side by side
     * @param slots int64, [rows]
     * @param cached [heads, slots, head size]
     */
    void store(Tensor heads, Tensor slots, Tensor cached);

    /**
     * Turns query and key heads, and copies keys and values to their slots.
     *
     * @param heads [rows, heads, head size], a row's heads side by side: query heads, which are turned in place, key heads, of
     *     which nothing is said afterwards, and value heads
     * @param keys [key-value heads, slots, head size]; values likewise
     */
    default void turnAndStore(Tensor heads, Tensor cosines, Tensor sines, Tensor slots, Tensor keys, Tensor values) {
        long keyValues = keys.size(0);
        long turning = heads.size(1) - keyValues;
        turn(heads.narrow(1, 0, turning), cosines, sines);
        store(heads.narrow(1, turning - keyValues, keyValues), slots, keys);
        store(heads.narrow(1, turning, keyValues), slots, values);
    }

    /** Of [rows, 2 x width] the silu of the first half times the second: [rows, width]. */
    Tensor gated(Tensor input);

    /** x sigmoid(1.702 x) in place, of contiguous numbers. */
    void quickGelu(Tensor values);

    /** The operators for the factory's device and type; they give the model's type. */
    static RowOperators on(TensorFactory factory) {
        LibtorchRows libtorch = new LibtorchRows();
        if (factory.dtype() == DType.FLOAT32) {
            return libtorch;
        }
        if (factory.gpu().isPresent()) {
            return new GpuRows(factory, libtorch, factory.gpu().get());
        }
        return factory.computesOnCpu() && RowKernels.areThere() ? new KernelRows(factory, libtorch) : libtorch;
    }
}
