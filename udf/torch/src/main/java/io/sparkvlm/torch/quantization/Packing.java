package io.sparkvlm.torch.quantization;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a checkpoint that was published quantized stores the matrices of its linear layers.
 *
 * @param bits of a code: 4 or 8
 * @param groupInputs inputs that share a scale; empty if all of a matrix do
 */
public record Packing(Layout layout, int bits, OptionalInt groupInputs) {
    /** Which codes an integer holds, and what of a zero is stored. */
    public enum Layout {
        /** An integer holds codes of inputs that follow each other, and zeros of outputs that do, each less 1. */
        GPTQ,
        /** As {@link #GPTQ}, with zeros as they are. */
        GPTQ_V2,
        /** An integer holds codes, or zeros, of outputs in an order of its own. */
        AWQ,
        /** As {@link #AWQ}, with half of the codes below a zero that is not stored. */
        AWQ_WITHOUT_ZEROS;

        boolean isAwq() {
            return this == AWQ || this == AWQ_WITHOUT_ZEROS;
        }
    }

    /** Codes that an integer of 32 bits holds. */
    int codesPerInteger() {
        return Integer.SIZE / bits;
    }

    /** Of so many inputs, those that share a scale. */
    long groupInputs(long inputs) {
        return groupInputs.orElse(Math.toIntExact(inputs));
    }

    /** Whether a matrix can be cut at so many of its outputs: a part has whole integers of codes. */
    public boolean holdsOutputs(long outputs) {
        return outputs % codesPerInteger() == 0;
    }

    /** Whether a matrix can be cut at so many of its inputs. */
    public boolean holdsInputs(long inputs) {
        return layout.isAwq() || inputs % codesPerInteger() == 0;
    }

    /**
     * The shapes of what is stored of a matrix, by name.
     *
     * @throws IllegalArgumentException when the matrix cannot be stored so
     */
    public Map<String, List<Long>> shapes(long outputs, long inputs) {
        long group = groupInputs(inputs);
        if (inputs % group != 0) {
            throw new IllegalArgumentException(
                    "expected inputs in whole groups of " + group + ", found " + inputs + " inputs");
        }
        long packedInputs = layout.isAwq() ? 1 : codesPerInteger();
        if (inputs % packedInputs != 0 || outputs % codesPerInteger() != 0) {
            throw new IllegalArgumentException("expected whole integers of " + codesPerInteger() + " codes, found "
                    + outputs + " outputs and " + inputs + " inputs");
        }
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        long packedOutputs = outputs / codesPerInteger();
        shapes.put(
                "qweight", layout.isAwq() ? List.of(inputs, packedOutputs) : List.of(inputs / packedInputs, outputs));
        shapes.put("scales", List.of(inputs / group, outputs));
        if (layout != Layout.AWQ_WITHOUT_ZEROS) {
            shapes.put("qzeros", List.of(inputs / group, packedOutputs));
        }
        if (!layout.isAwq()) {
            shapes.put("g_idx", List.of(inputs));
        }
        return shapes;
    }
}
