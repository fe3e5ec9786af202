package io.sparkvlm.torch.gpu;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CUDA graphs of one GPU. Work that CUDA does not record is started piece by piece each time. */
final class CudaGraphs implements GpuGraphs {
    private static final Logger LOG = LoggerFactory.getLogger(CudaGraphs.class);

    private final CudaGpu programs;
    private final int device;
    private final CudaStream recorded;
    private final CudaProducts products;

    /** @throws CudaFailure where CUDA or cuBLAS refuses */
    CudaGraphs(CudaGpu programs, int device) {
        this.programs = programs;
        this.device = device;
        chooseDevice(); // whose stream and products they are
        this.recorded = CudaStream.forRecording();
        try {
            this.products = new CudaProducts();
        } catch (RuntimeException | Error e) {
            cudart.cuStreamDestroy(recorded.handle());
            throw e;
        }
    }

    /** Work is started before it is recorded: what CUDA loads when a kernel first starts could not be recorded. */
    @Override
    public Optional<GpuGraph> start(Consumer<GpuWork> work) {
        try {
            start(work, CudaStream.LIBTORCHS);
        } catch (CudaFailure e) {
            LOG.warn("Kernels could not be started on cuda:{}, libtorch takes their place", device, e);
            return Optional.empty();
        }
        try {
            return Optional.of(new Recorded(record(work)));
        } catch (CudaFailure e) {
            LOG.warn("No graph on cuda:{}, its work is started piece by piece", device, e);
            return Optional.of(new Pieces(work));
        }
    }

    private void chooseDevice() {
        CudaFailure.check("choose a GPU", cudart.cudaSetDevice(device));
    }

    private void start(Consumer<GpuWork> work, CudaStream stream) {
        chooseDevice();
        products.use(stream);
        work.accept(new Started(programs, products, stream));
    }

    private CUgraphExec_st record(Consumer<GpuWork> work) {
        products.use(recorded);
        CudaFailure.check(
                "begin a record",
                cudart.cuStreamBeginCapture(recorded.handle(), cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        CUgraph_st graph = new CUgraph_st();
        try {
            work.accept(new Started(programs, products, recorded));
        } catch (RuntimeException
                | Error e) { // a stream that goes on recording would forbid this thread to take memory
            cudart.cuStreamEndCapture(recorded.handle(), graph);
            if (!graph.isNull()) {
                cudart.cuGraphDestroy(graph);
            }
            throw e;
        }
        CudaFailure.check("end a record", cudart.cuStreamEndCapture(recorded.handle(), graph));
        try {
            CUgraphExec_st executable = new CUgraphExec_st();
            CudaFailure.check("take a record", cudart.cuGraphInstantiate(executable, graph, 0));
            return executable;
        } finally {
            cudart.cuGraphDestroy(graph);
        }
    }

    @Override
    public void close() {
        cudart.cudaSetDevice(device);
        products.close();
        cudart.cuStreamDestroy(recorded.handle());
    }

    private record Started(CudaGpu programs, CudaProducts products, CudaStream stream) implements GpuWork {
        @Override
        public Optional<GpuProgram> program(String file, Map<String, Integer> constants) {
            return programs.onStream(file, constants, stream);
        }

        @Override
        public void multiply(GpuProduct product) {
            products.multiply(product);
        }
    }

    private final class Recorded implements GpuGraph {
        private final CUgraphExec_st executable;

        Recorded(CUgraphExec_st executable) {
            this.executable = executable;
        }

        @Override
        public void start() {
            chooseDevice();
            CudaFailure.check("start a graph", cudart.cuGraphLaunch(executable, CudaStream.LIBTORCHS.handle()));
        }

        @Override
        public void close() {
            cudart.cuGraphExecDestroy(executable);
        }
    }

    private final class Pieces implements GpuGraph {
        private final Consumer<GpuWork> work;

        Pieces(Consumer<GpuWork> work) {
            this.work = work;
        }

        @Override
        public void start() {
            CudaGraphs.this.start(work, CudaStream.LIBTORCHS);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
