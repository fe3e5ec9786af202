package io.sparkvlm.torch.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Graphs of an emulated GPU; products are libtorch's, in float32. */
final class EmulatedGraphs implements GpuGraphs {
    private final EmulatedGpu gpu;

    EmulatedGraphs(EmulatedGpu gpu) {
        this.gpu = gpu;
    }

    @Override
    public Optional<GpuGraph> start(Consumer<GpuWork> work) {
        List<Runnable> pieces = new ArrayList<>();
        work.accept(new Started(gpu, pieces));
        Graph graph = new Graph(pieces);
        graph.start();
        return Optional.of(graph);
    }

    @Override
    public void close() {
        // nothing is held
    }

    private record Graph(List<Runnable> pieces) implements GpuGraph {
        @Override
        public void start() {
            pieces.forEach(Runnable::run);
        }

        @Override
        public void close() {
            pieces.clear(); // what is started later is found out
            pieces.add(() -> {
                throw new IllegalStateException("the graph was closed");
            });
        }
    }

    private record Started(EmulatedGpu gpu, List<Runnable> pieces) implements GpuWork {
        @Override
        public Optional<GpuProgram> program(String file, Map<String, Integer> constants) {
            return gpu.program(file, constants).map(program -> (kernel, blocks, threads, arguments) -> {
                long[] fields = arguments.clone();
                pieces.add(() -> program.launch(kernel, blocks, threads, fields));
            });
        }

        @Override
        public void multiply(GpuProduct product) {
            pieces.add(() -> compute(product));
        }
    }

    private static void compute(GpuProduct product) {
        Tensor output = matrix(
                product.output(),
                product.rows(),
                product.outputs(),
                product.result() == GpuProduct.Result.WHOLE ? ScalarType.Float : ScalarType.BFloat16);
        Tensor sum = wide(product.input(), product.rows(), product.inputs())
                .mm(wide(product.weight(), product.outputs(), product.inputs()).t());
        output.copy_(product.result() == GpuProduct.Result.ADDED ? sum.add(output.to(ScalarType.Float)) : sum);
    }

    private static Tensor wide(long address, long rows, long columns) {
        return matrix(address, rows, columns, ScalarType.BFloat16).to(ScalarType.Float);
    }

    private static Tensor matrix(long address, long rows, long columns, ScalarType type) {
        return torch.from_blob(new Address(address), new long[] {rows, columns}, new TensorOptions(type));
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }
}
