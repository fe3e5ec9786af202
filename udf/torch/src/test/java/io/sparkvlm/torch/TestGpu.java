package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.gpu.CudaGpu;
import io.sparkvlm.torch.gpu.EmulatedGpu;
import io.sparkvlm.torch.gpu.Gpu;
import io.sparkvlm.torch.gpu.GpuGraph;
import io.sparkvlm.torch.gpu.GpuGraphs;
import io.sparkvlm.torch.gpu.GpuProgram;
import io.sparkvlm.torch.gpu.GpuWork;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A GPU, or what stands in for one where the device is the CPU, that counts the graphs recorded. */
public final class TestGpu implements Gpu {
    private final DeviceSpec device;
    private final Gpu gpu;
    private int recordedGraphs;
    private boolean refuses;

    private TestGpu(DeviceSpec device, Gpu gpu) {
        this.device = device;
        this.gpu = gpu;
    }

    /** Empty where nothing can stand in for a GPU. */
    public static Optional<TestGpu> ifPossible(DeviceSpec device) throws IOException {
        Optional<? extends Gpu> gpu =
                switch (device.kind()) {
                    case CPU -> EmulatedGpu.ifPossible();
                    case CUDA -> Optional.of(CudaGpu.of(device.index()));
                };
        return gpu.map(found -> new TestGpu(device, found));
    }

    /** For tensors in bfloat16 that its kernels reach. */
    public TensorFactory factory() {
        return new TensorFactory(device, DType.BFLOAT16, Optional.of(this));
    }

    public int recordedGraphs() {
        return recordedGraphs;
    }

    /** Whether it starts no work from now on that is to be recorded. */
    public void refuse(boolean refusing) {
        refuses = refusing;
    }

    @Override
    public Optional<GpuProgram> program(String file, Map<String, Integer> constants) {
        return gpu.program(file, constants);
    }

    @Override
    public Optional<GpuGraphs> openGraphs() {
        return gpu.openGraphs().map(Counting::new);
    }

    private final class Counting implements GpuGraphs {
        private final GpuGraphs graphs;

        Counting(GpuGraphs graphs) {
            this.graphs = graphs;
        }

        @Override
        public Optional<GpuGraph> start(Consumer<GpuWork> work) {
            if (refuses) {
                return Optional.empty();
            }
            recordedGraphs++;
            return graphs.start(work);
        }

        @Override
        public void close() {
            graphs.close();
        }
    }
}
