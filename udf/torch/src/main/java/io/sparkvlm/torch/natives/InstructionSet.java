package io.sparkvlm.torch.natives;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the project's own kernels on CPUs are compiled for, in the order of what they ask of a processor; a processor that has one
 * has those before it.
 *
 * <p>Which one the kernels use belongs to the process, as their library does. Thread-safe.
 */
public enum InstructionSet {
    /** Everything is left to libtorch. */
    NONE(0),
    /** x86-64-v3. */
    AVX2(1),
    /** x86-64-v4. */
    AVX512(2),
    AVX512_VNNI(3),
    AVX512_BF16(4);

    private static final Logger LOG = LoggerFactory.getLogger(InstructionSet.class);

    private final int code; // kernels.h

    InstructionSet(int code) {
        this.code = code;
    }

    /** The one that kernels use: unless another was chosen, {@link #byDefault}. */
    public static InstructionSet inUse() {
        return Loaded.inUse;
    }

    /** The one that the process is told to use, or the largest below it that the processor has; the fastest where it is told none. */
    public static InstructionSet byDefault() {
        return Loaded.DEFAULT;
    }

    /** Those that this process can choose from, smallest first; none where kernels are not loaded. */
    public static List<InstructionSet> choices() {
        return Arrays.stream(values())
                .filter(set -> set != NONE && set.compareTo(Loaded.MOST) <= 0)
                .toList();
    }

    /** Has the kernels use this one from now on; while none of them computes. */
    public void use() {
        if (!choices().contains(this)) {
            throw new IllegalArgumentException("expected one of " + choices() + ", found " + this);
        }
        Loaded.use(this);
    }

    /** Whether the processor has matrix units for bfloat16, AMX: libtorch uses them. */
    static boolean hasMatrixUnits() {
        return Loaded.HAS_MATRIX_UNITS;
    }

    /** As the property has it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the property says: {@code true} for all, {@code false} for none, or the largest. */
    static InstructionSet parse(String most) {
        String wanted = most.toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "true" -> AVX512_BF16;
            case "false" -> NONE;
            default ->
                Arrays.stream(values())
                        .filter(set -> set != NONE && set.wireName().equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "expected kernels true, false, " + names() + ", found \"" + most + "\""));
        };
    }

    private static String names() {
        return Arrays.stream(values())
                .filter(set -> set != NONE)
                .map(InstructionSet::wireName)
                .collect(Collectors.joining(", "));
    }

    private static native int most();

    private static native int fastest();

    private static native void choose(int set);

    private static native boolean hasAmxBf16();

    /** Loads at its first use. */
    private static final class Loaded {
        static final InstructionSet MOST =
                KernelLibrary.isLoaded() ? least(of(most()), KernelLibrary.mostInstructions()) : NONE;
        static final InstructionSet DEFAULT =
                MOST != NONE && KernelLibrary.leavesTheSet() ? least(MOST, of(fastest())) : MOST;
        static final boolean HAS_MATRIX_UNITS = MOST != NONE && hasAmxBf16();
        static volatile InstructionSet inUse = NONE;

        static {
            if (DEFAULT != NONE) {
                use(DEFAULT);
                LOG.info("Kernels for {}", DEFAULT.wireName());
            } else {
                LOG.info("No kernels for this process: libtorch takes their place");
            }
        }

        static void use(InstructionSet set) {
            choose(set.code);
            inUse = set;
        }

        private static InstructionSet of(int code) {
            return Arrays.stream(values())
                    .filter(set -> set.code == code)
                    .findFirst()
                    .orElseThrow();
        }

        private static InstructionSet least(InstructionSet one, InstructionSet other) {
            return one.compareTo(other) < 0 ? one : other;
        }
    }
}
