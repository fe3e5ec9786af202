package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.InstructionSet;
import java.util.List;
import java.util.stream.Stream;

/** Has classes of tests compute with every set of instructions that kernels can use here, one after the other. */
public final class InstructionSets {
    private InstructionSets() {}

    /** The one that is in use without a choice comes last, so that it stays in use afterwards. */
    public static List<InstructionSet> each() {
        List<InstructionSet> choices = InstructionSet.choices();
        boolean onlyOne = choices.isEmpty() || TestDevice.chosen().kind() != DeviceSpec.Kind.CPU;
        return onlyOne
                ? List.of(InstructionSet.inUse())
                : Stream.concat(
                                choices.stream().filter(set -> set != InstructionSet.byDefault()),
                                Stream.of(InstructionSet.byDefault()))
                        .toList();
    }

    public static void use(InstructionSet set) {
        if (set != InstructionSet.NONE) {
            set.use();
        }
    }
}
