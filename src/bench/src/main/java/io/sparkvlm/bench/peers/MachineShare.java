package io.sparkvlm.bench.peers;

import io.sparkvlm.bench.Dimensions;
import io.sparkvlm.bench.MachineLimits;

/** The share of what the machine can do that a workload of one kind of work reached. */
record MachineShare(Dimensions dimensions, MachineLimits limits) {
    private static final int BF16_BYTES = 2;
    private static final int PATCH_VALUES = 3 * 2 * 14 * 14;

    /** For a table; nothing for workloads of which a cache leaves out a part. */
    String text(Workload workload, Answered answered) {
        return switch (workload.kind()) {
            case W1, W6 -> "%.0f %% of the matrix rate".formatted(100 * matrixShare(workload, answered));
            case W2, W2_SAMPLED ->
                "%.0f %% of the memory rate, %.0f %% of the matrix rate"
                        .formatted(100 * memoryShare(answered), 100 * matrixShareOfStep(answered));
            case W4, W5 -> "";
        };
    }

    /** Of the time that the products for pictures, prompts and answers take at the machine's rate. */
    private double matrixShare(Workload workload, Answered answered) {
        double flops = workload.requests().stream()
                .mapToDouble(request ->
                        request.patches().stream().mapToDouble(this::tower).sum()
                                + prefill(answered.promptTokens().get(request.id()))
                                + 2.0 * dimensions.languageModelWeights() * request.completionTokens())
                .sum();
        return flops / limits.matmulFlops() / answered.engineSeconds();
    }

    /** Of the time that reading the weights once takes. */
    private double memoryShare(Answered answered) {
        return (double) BF16_BYTES * dimensions.languageModelWeights() / limits.readBytes() / answered.stepSeconds();
    }

    /** Of the time that a step's products take at the machine's rate, where all requests are in every step. */
    private double matrixShareOfStep(Answered answered) {
        double flops = 2.0
                * dimensions.languageModelWeights()
                * answered.promptTokens().size();
        return flops / limits.matmulFlops() / answered.stepSeconds();
    }

    /** @param patches that see each other */
    private double tower(int patches) {
        double width = dimensions.visionWidth();
        double layer = 12 * width * width; // query, key, value, output: 4; MLP: 2 x 4
        double merger =
                4 * width * width + width * dimensions.hiddenSize(); // a patch's quarter of 4 x 4 and 4 x hidden
        double linears = 2.0 * patches * (dimensions.visionDepth() * layer + PATCH_VALUES * width + merger);
        return linears + 4.0 * patches * patches * width * dimensions.visionDepth();
    }

    private double prefill(int tokens) {
        double weights = dimensions.languageModelWeights() - (double) dimensions.vocabSize() * dimensions.hiddenSize();
        double attention = 2.0 * tokens * tokens * dimensions.hiddenSize() * dimensions.layers(); // half is masked
        return 2 * weights * tokens + attention;
    }
}
