package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.RowKernels;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The largest number of each row, and the first place that has it.
 *
 * @param values NaN where a row has one
 * @param places of each; they say nothing where the value is NaN
 */
public record LargestOfRows(float[] values, long[] places) {
    /** The fastest of 16, 64, 128 and 1,187 for 8 rows of 151,936. */
    private static final int MOST_PARTS = 64;

    /**
     * Finds them.
     *
     * @param numbers float32 [rows, width]
     */
    public static LargestOfRows of(Tensor numbers) {
        boolean isTaken = numbers.is_cpu() && numbers.is_contiguous() && numbers.size(1) % RowKernels.PARTS == 0;
        return isTaken && RowKernels.areThere() ? byKernel(numbers) : byParts(numbers);
    }

    private static LargestOfRows byKernel(Tensor numbers) {
        long rows = numbers.size(0);
        Tensor values = HostTensors.floats(new float[(int) rows], numbers.device());
        Tensor places = HostTensors.indices(new int[(int) rows], numbers.device());
        RowKernels.largest(
                address(numbers), rows, numbers.size(1), address(values), address(places), torch.get_num_threads());
        return new LargestOfRows(HostTensors.toFloats(values), HostTensors.toLongs(places));
    }

    /** Part by part: libtorch finds a value in an eighth of the time that it takes to find its place too. */
    static LargestOfRows byParts(Tensor numbers) {
        long rows = numbers.size(0);
        long width = numbers.size(1);
        long size = width / parts(width);
        Tensor inParts = numbers.reshape(rows, -1, size); // [rows, parts, size]
        T_TensorTensor_T part = inParts.amax(new long[] {2}, false).max(1, false);
        Tensor chosen = inParts.gather(1, part.get1().view(rows, 1, 1).expand(new long[] {rows, 1, size}, false))
                .squeeze(1); // [rows, size]
        Tensor places =
                part.get1().mul(new Scalar(size)).add_(chosen.max(1, false).get1());
        Tensor both = torch.stack(new TensorVector(part.get0().to(ScalarType.Double), places.to(ScalarType.Double)), 0);
        double[] read = HostTensors.toDoubles(both); // one copy from a device, which waits for all before
        float[] values = new float[read.length / 2];
        long[] placesRead = new long[values.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = (float) read[row];
            placesRead[row] = (long) read[values.length + row];
        }
        return new LargestOfRows(values, placesRead);
    }

    /** As many equal ones as there can be. */
    private static int parts(long width) {
        int parts = MOST_PARTS;
        while (width % parts != 0) {
            parts--;
        }
        return parts;
    }

    /** Whether a row has numbers, and one that is not ruled out. */
    public boolean isFinite(int row) {
        return Float.isFinite(values[row]);
    }
}
