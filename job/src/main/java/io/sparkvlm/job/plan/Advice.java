package io.sparkvlm.job.plan;

import io.sparkvlm.job.plan.Planner.Choice;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what to change where a model does not fit: rounded weights, more devices, or both. */
final class Advice {
    private final Planner planner;

    Advice(Planner planner) {
        this.planner = planner;
    }

    /** Flags with which a row of so many tokens fits, alternatives divided by "or"; or that none of them helps. */
    String of(long deviceBytes, int rowTokens) throws IOException {
        Set<String> flags = new LinkedHashSet<>();
        for (Choice choice : alternatives(deviceBytes, rowTokens)) {
            if (planner.plan(choice, deviceBytes).fits(rowTokens)) {
                flags.add(flags(choice));
            }
        }
        return flags.isEmpty()
                ? "take devices with more memory, or a smaller model"
                : flags.stream().collect(Collectors.joining(", or "));
    }

    private List<Choice> alternatives(long deviceBytes, int rowTokens) throws IOException {
        Choice asIs = planner.asIs();
        List<Quantization> roundings = planner.roundings();
        List<Choice> choices = new ArrayList<>();
        roundings.forEach(rounding -> choices.add(new Choice(rounding, asIs.ranks())));
        if (planner.kind() == DeviceSpec.Kind.CUDA) {
            List<Quantization> ways = new ArrayList<>(List.of(asIs.quantization()));
            ways.addAll(roundings);
            for (Quantization way : ways) {
                planner.fewestDevices(way, deviceBytes, rowTokens).ifPresent(choices::add);
            }
        }
        return choices;
    }

    private String flags(Choice choice) {
        Choice asIs = planner.asIs();
        List<String> flags = new ArrayList<>();
        if (choice.quantization() != asIs.quantization()) {
            flags.add("--quantization " + choice.quantization().wireName());
        }
        if (choice.ranks() != asIs.ranks()) {
            flags.add("--tensor-parallel-size " + choice.ranks());
        }
        return String.join(" ", flags);
    }
}
