package io.sparkvlm.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sparkvlm.job.doctor.Finding;
import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.doctor.MachineChecks;
import io.sparkvlm.job.doctor.ModelCheck;
import io.sparkvlm.job.doctor.NativeChecks;
import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: says what this machine has of what a job needs, and what to do about the rest. Starts no Spark. */
@Command(
        name = "doctor",
        description = "Says what this machine has of what a job needs, and what to do about what is missing.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@HelpGroup.Of(HelpGroup.OUTPUT)
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Checkpoint to look at, too: a folder, or Org/Name in the local Hugging Face cache.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--json",
            defaultValue = "false",
            description = "Print the findings as one JSON array (default: ${DEFAULT-VALUE}).")
    private boolean json;

    @Override
    public Integer call() {
        Machine machine = Machine.ofThisProcess();
        List<Finding> findings = new ArrayList<>(MachineChecks.of(machine));
        findings.addAll(NativeChecks.ofThisProcess().findings(machine.nvidiaDriver()));
        findings.add(KnownQuestion.finding());
        model.ifPresent(name -> findings.add(ModelCheck.of(
                name,
                machine.freeBytes().orElse(Long.MAX_VALUE),
                EngineOptions.defaults().settings(name).plannedConfig(DeviceSpec.Kind.CPU))));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(array(findings));
        } else {
            findings.forEach(finding -> out.println(finding.line()));
        }
        boolean isWell = findings.stream().noneMatch(finding -> finding.level() == Finding.Level.MISSING);
        return (isWell ? ExitCode.DONE : ExitCode.ABORTED).code();
    }

    private static ArrayNode array(List<Finding> findings) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        findings.forEach(finding -> array.addObject()
                .put("level", finding.level().word())
                .put("what", finding.what())
                .put("todo", finding.todo()));
        return array;
    }
}
