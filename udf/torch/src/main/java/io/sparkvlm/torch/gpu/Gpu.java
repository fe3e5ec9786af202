package io.sparkvlm.torch.gpu;

import java.util.Optional;

/** A GPU as the project's own kernels meet it. */
public interface Gpu extends GpuPrograms {
    /** Empty where work cannot be recorded, and must be started piece by piece; the caller closes it. */
    Optional<GpuGraphs> openGraphs();
}
