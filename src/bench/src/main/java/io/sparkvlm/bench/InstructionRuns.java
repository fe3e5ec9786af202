package io.sparkvlm.bench;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.natives.InstructionSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Option;

/**
 * Runs a benchmark once for each set of instructions that the machine has, in a process of its own, in which kernels and libtorch
 * use no others: libtorch reads its limits when it is loaded.
 */
final class InstructionRuns {
    @Option(
            names = "--instructions",
            split = ",",
            description = "avx2, avx512, avx512_vnni, avx512_bf16. Default: those that the machine has")
    private List<InstructionSet> sets;

    @Option(names = "--limited-to", hidden = true)
    private InstructionSet limit; // of this process

    /** Whether this process is one of a set; libtorch is limited to it then. */
    boolean isOne() {
        if (limit == InstructionSet.AVX2) {
            // It asks the processor, and not what oneDNN may use, whether oneDNN takes bfloat16: avx512 is the least.
            torch.globalContext().setUserEnabledMkldnn(false);
        }
        return limit != null;
    }

    /** In which the machine's limits are measured: without products of bfloat16 those of float32 are the roof. */
    DType limitsType() {
        return limit == InstructionSet.AVX512_BF16 ? DType.BFLOAT16 : DType.FLOAT32;
    }

    /** The exit code of the first run that failed, or 0. */
    int each(List<String> arguments) throws IOException, InterruptedException {
        for (InstructionSet set : sets == null ? InstructionSet.choices() : sets) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx4g",
                    "-Dsparkvlm.kernels=" + set.wireName(),
                    "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Bench.class.getName()));
            command.addAll(arguments);
            command.add("--limited-to=" + set.wireName());
            ProcessBuilder process = new ProcessBuilder(command).inheritIO();
            process.environment().putAll(limits(set));
            System.out.println(set.wireName());
            int code = process.start().waitFor();
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }

    private static Map<String, String> limits(InstructionSet set) {
        return switch (set) {
            case NONE -> Map.of();
            case AVX2 -> Map.of("ATEN_CPU_CAPABILITY", "avx2", "ONEDNN_MAX_CPU_ISA", "AVX2");
            case AVX512 -> Map.of("ATEN_CPU_CAPABILITY", "avx512", "ONEDNN_MAX_CPU_ISA", "AVX512_CORE");
            case AVX512_VNNI -> Map.of("ATEN_CPU_CAPABILITY", "avx512", "ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI");
            case AVX512_BF16 -> Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16");
        };
    }
}
