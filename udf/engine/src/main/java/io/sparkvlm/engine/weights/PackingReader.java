package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.ConfigNode;
import io.sparkvlm.torch.quantization.PackedMatrix.Zeros;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Packing.Layout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads how config.json says that the weights were quantized before they were published. What this engine does not read is
 * refused here, by the field's name. Fields and defaults are AutoGPTQ's, GPTQModel's and AutoAWQ's.
 */
final class PackingReader {
    private static final String FIELD = "quantization_config";

    private PackingReader() {}

    /** Empty where weights are stored as they are. */
    static Optional<Packing> read(CheckpointConfig config) throws CheckpointException {
        for (ConfigNode node : List.of(config.root(), config.text())) {
            if (node.has("compression_config")) {
                throw unread(node, "compression_config");
            }
            if (node.has(FIELD) && !Prepacking.isSaidBy(node)) {
                return Optional.of(packing(node));
            }
        }
        return Optional.empty();
    }

    /** The same, with what else says how much memory the matrices take; empty where weights are stored as they are. */
    static Optional<PlannedPacking> readForPlan(CheckpointConfig config) throws CheckpointException {
        Optional<Packing> packing = read(config);
        if (packing.isEmpty()) {
            return Optional.empty();
        }
        ConfigNode owner = config.root().has(FIELD) ? config.root() : config.text();
        ConfigNode quantized = owner.child(FIELD);
        boolean isGptq = packing.get().layout() == Layout.GPTQ || packing.get().layout() == Layout.GPTQ_V2;
        boolean isSymmetric = isGptq && quantized.flag("sym", true);
        return Optional.of(new PlannedPacking(
                packing.get(),
                isSymmetric ? Zeros.IN_THE_MIDDLE : Zeros.ANYWHERE,
                PlannedPacking.LAYERS,
                isGptq && quantized.flag("desc_act", true) ? layer -> false : layer -> true));
    }

    private static Packing packing(ConfigNode owner) throws CheckpointException {
        return switch (owner.node(FIELD).path("quant_method").asText()) {
            case "gptq" -> gptq(owner.child(FIELD));
            case "awq" -> awq(owner.child(FIELD));
            default -> throw unread(owner, FIELD);
        };
    }

    private static CheckpointException unread(ConfigNode owner, String field) {
        return owner.fault(
                field,
                "of gptq or awq: take the checkpoint that was not quantized, which --quantization rounds",
                owner.node(field).path("quant_method").asText("no quant_method"));
    }

    private static Packing gptq(ConfigNode quantized) throws CheckpointException {
        for (String format : List.of("checkpoint_format", "format")) {
            quantized.optionallyOneOf(format, Set.of("gptq", "gptq_v2"));
        }
        quantized.optionallyOneOf("pack_dtype", Set.of("int32"));
        refuseFlag(quantized, "is_marlin_format", "weights in GPTQ's own order");
        refuseFlag(quantized, "lm_head", "an output head that is not quantized");
        if (!quantized.node("dynamic").isEmpty()) {
            throw quantized.fault(
                    "dynamic",
                    "empty: one kind for all layers",
                    quantized.node("dynamic").toString());
        }
        int bits = quantized.integer("bits");
        if (bits != 4 && bits != 8) {
            throw quantized.fault("bits", "4 or 8", String.valueOf(bits));
        }
        String format = quantized
                .node(quantized.has("checkpoint_format") ? "checkpoint_format" : "format")
                .asText();
        return new Packing(format.equals("gptq_v2") ? Layout.GPTQ_V2 : Layout.GPTQ, bits, group(quantized));
    }

    private static void refuseFlag(ConfigNode quantized, String field, String why) throws CheckpointException {
        if (quantized.flag(field, false)) {
            throw quantized.fault(field, "false: " + why, "true");
        }
    }

    private static Packing awq(ConfigNode quantized) throws CheckpointException {
        for (String version : List.of("version", "format")) {
            if (quantized.has(version)
                    && !quantized
                            .node(version)
                            .asText()
                            .toLowerCase(Locale.ROOT)
                            .equals("gemm")) {
                throw quantized.fault(version, "gemm", quantized.node(version).toString());
            }
        }
        int bits = quantized.integer("bits");
        if (bits != 4) {
            throw quantized.fault("bits", "4", String.valueOf(bits));
        }
        boolean hasZeros = quantized.flag("zero_point", true);
        return new Packing(hasZeros ? Layout.AWQ : Layout.AWQ_WITHOUT_ZEROS, bits, group(quantized));
    }

    private static OptionalInt group(ConfigNode quantized) throws CheckpointException {
        int group = quantized.integer("group_size");
        if (group < 1 && group != -1) {
            throw quantized.fault("group_size", "a number of inputs, or -1 for all", String.valueOf(group));
        }
        return group == -1 ? OptionalInt.empty() : OptionalInt.of(group);
    }
}
