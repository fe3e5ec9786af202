package io.sparkvlm.torch.gpu;

import java.util.Map;
import java.util.Optional;

/** The project's own kernels for GPUs, {@code udf/torch/src/main/resources/io/sparkvlm/torch/gpu}. */
public interface GpuPrograms {
    /**
     * The kernels of a file; empty where they cannot be had, and libtorch must take their place.
     *
     * @param file {@code rows} or {@code attention}
     * @param constants the sizes that the kernels are compiled for, by their names
     */
    Optional<GpuProgram> program(String file, Map<String, Integer> constants);
}
