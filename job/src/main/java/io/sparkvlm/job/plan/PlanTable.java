package io.sparkvlm.job.plan;

import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.MemoryPlan;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.job.plan.Planner.Choice;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published models on GPUs of usual sizes, as a Markdown table: the fewest GPUs, and the rows that they have at once. */
public final class PlanTable {
    private static final List<Integer> GIGABYTES = List.of(24, 40, 80, 141);
    private static final List<Quantization> QUANTIZATIONS = List.of(Quantization.NONE, Quantization.A16W8);

    private final EngineConfig config;
    private final int rowTokens;

    public PlanTable(EngineConfig config, int rowTokens) {
        this.config = config;
        this.rowTokens = rowTokens;
    }

    public List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| model | quantization | weights | "
                + GIGABYTES.stream().map(size -> size + " GB").collect(Collectors.joining(" | ")) + " |");
        lines.add("|---|---|---|" + "---|".repeat(GIGABYTES.size()));
        for (PublishedModel model : PublishedModel.ALL) {
            Planner planner = new Planner(model.planned(), config);
            for (Quantization quantization : QUANTIZATIONS) {
                lines.add(line(model, planner, quantization.wireName(), quantization));
            }
        }
        for (PublishedModel model : PublishedModel.QUANTIZED) {
            Planner planner = new Planner(model.planned(), config);
            lines.add(line(model, planner, planner.quantization(), Quantization.NONE));
        }
        return lines;
    }

    private String line(PublishedModel model, Planner planner, String kept, Quantization quantization)
            throws IOException {
        List<String> cells = new ArrayList<>();
        cells.add(model.repository());
        cells.add(kept);
        cells.add(PlanReport.gigabytes(
                planner.plan(new Choice(quantization, 1), 0).model().mostWeightBytes()));
        for (int size : GIGABYTES) {
            cells.add(cell(planner, quantization, size * 1_000_000_000L));
        }
        return "| " + String.join(" | ", cells) + " |";
    }

    private String cell(Planner planner, Quantization quantization, long deviceBytes) throws IOException {
        Optional<Choice> fewest = planner.fewestDevices(quantization, deviceBytes, rowTokens);
        if (fewest.isEmpty()) {
            return "more than 8 GPUs";
        }
        MemoryPlan plan = planner.plan(fewest.get(), deviceBytes);
        int gpus = fewest.get().ranks();
        long rows = plan.sequences(rowTokens);
        return (gpus == 1 ? "" : gpus + " GPUs: ") + rows + (rows == 1 ? " row" : " rows");
    }
}
