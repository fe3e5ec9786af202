package io.sparkvlm.job.plan;

import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.MemoryPlan;
import io.sparkvlm.engine.ModelMemory;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans one model's memory on one kind of device, as the settings say and in other ways. For one thread. */
public final class Planner {
    private static final List<Integer> GPUS_OF_ONE_MACHINE = List.of(1, 2, 4, 8);

    private final PlannedModel model;
    private final EngineConfig config;
    private final Map<Choice, ModelMemory> counted = new HashMap<>();

    /** What can be chosen where a model does not fit. */
    record Choice(Quantization quantization, int ranks) {}

    public Planner(PlannedModel model, EngineConfig config) {
        this.model = model;
        this.config = config;
    }

    /**
     * The plan of the settings as they are.
     *
     * @throws IllegalArgumentException where the model cannot be split so
     */
    public MemoryPlan plan(long deviceBytes) throws IOException {
        return plan(asIs(), deviceBytes);
    }

    Choice asIs() {
        return new Choice(config.quantization(), config.mesh().ranks());
    }

    MemoryPlan plan(Choice choice, long deviceBytes) throws IOException {
        EngineConfig chosen = config.with(DeviceMesh.first(choice.ranks(), kind()), choice.quantization());
        ModelMemory memory = counted.get(choice);
        if (memory == null) {
            memory = ModelMemory.of(chosen, model);
            counted.put(choice, memory);
        }
        return MemoryPlan.of(chosen, model, memory, deviceBytes);
    }

    /** How its weights are kept, in a word. */
    String quantization() {
        return model.packing()
                .map(packing -> "as published")
                .orElse(model.prepacked().orElse(config.quantization()).wireName());
    }

    /** Ways of rounding its weights that save memory on such devices: on a GPU a code of 4 bits lies in a byte. */
    List<Quantization> roundings() {
        if (model.isQuantized() || model.prepacked().isPresent()) {
            return List.of();
        }
        return switch (kind()) {
            case CPU -> List.of(Quantization.A16W8, Quantization.A16W4);
            case CUDA -> List.of(Quantization.A16W8);
        };
    }

    DeviceSpec.Kind kind() {
        return config.mesh().device(0).kind();
    }

    EngineConfig config() {
        return config;
    }

    /** The fewest GPUs of one machine that a row of so many tokens fits on. */
    Optional<Choice> fewestDevices(Quantization quantization, long deviceBytes, int rowTokens) throws IOException {
        for (int ranks : GPUS_OF_ONE_MACHINE) {
            Choice choice = new Choice(quantization, ranks);
            if (model.isSplittable(ranks) && plan(choice, deviceBytes).fits(rowTokens)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }
}
