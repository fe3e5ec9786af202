package io.sparkvlm.job.plan;

import io.sparkvlm.engine.MemoryPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a plan in lines. */
public final class PlanReport {
    private final Planner planner;
    private final String model;
    private final int rowTokens;

    /**
     * A report on a planner's plans.
     *
     * @param rowTokens prompt and answer of a row, of which the report says how many fit at once
     */
    public PlanReport(Planner planner, String model, int rowTokens) {
        this.planner = planner;
        this.model = model;
        this.rowTokens = rowTokens;
    }

    /** The lines, of which the last says whether it fits and what else to do. */
    public List<String> lines(MemoryPlan plan) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(model + " in " + planner.config().dtype().wireName() + ", quantization "
                + planner.quantization() + ", on "
                + planner.asIs().ranks() + " x "
                + planner.kind().name().toLowerCase(Locale.ROOT) + " of " + gigabytes(plan.deviceBytes()));
        lines.add(line("weights", plan.model().mostWeightBytes(), weights(plan)));
        lines.add(line(
                "beside",
                plan.besideBytes(),
                switch (planner.kind()) {
                    case CPU -> "this process's heap, and decoders";
                    case CUDA -> "CUDA itself; Spark's heap is in the machine's memory";
                }));
        lines.add(line("largest step", plan.model().stepBytes(), "activations; a very large image takes more"));
        lines.add(line("keys and values", plan.cacheBytes(), cache(plan)));
        lines.add(line("left", plan.leftBytes(), ""));
        lines.add("rows at once: " + plan.sequences(rowTokens) + " of " + rowTokens + " tokens, "
                + plan.sequences(plan.maxModelLen()) + " of " + plan.maxModelLen());
        lines.add(
                plan.fits(rowTokens)
                        ? "fits"
                        : "does not fit: " + new Advice(planner).of(plan.deviceBytes(), rowTokens));
        return lines;
    }

    private static String weights(MemoryPlan plan) {
        List<Long> all = plan.model().weightBytes();
        return all.size() == 1
                ? ""
                : "of the first device, which has the vision tower; " + gigabytes(all.get(all.size() - 1))
                        + " of each other";
    }

    private String cache(MemoryPlan plan) {
        long perToken = plan.model().cacheBytesPerBlock() / plan.blockSizeTokens();
        return perToken + " bytes a token, " + gigabytes(perToken * plan.maxModelLen()) + " a sequence of "
                + plan.maxModelLen();
    }

    private static String line(String what, long bytes, String remark) {
        String line = String.format(Locale.ROOT, "  %-16s %9s", what, gigabytes(bytes));
        return remark.isEmpty() ? line : line + "  " + remark;
    }

    static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
