package io.sparkvlm.job.cli;

import io.sparkvlm.job.doctor.Finding;
import io.sparkvlm.job.doctor.Machine;
import io.sparkvlm.job.doctor.MachineChecks;
import io.sparkvlm.job.doctor.ModelCheck;
import io.sparkvlm.job.doctor.NativeChecks;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.device.DeviceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the machine of this process for all that a job needs. */
final class ProcessFindings {
    private ProcessFindings() {}

    /** @param model to look at, too */
    static List<Finding> all(Optional<String> model) {
        Machine machine = Machine.ofThisProcess();
        List<Finding> findings = new ArrayList<>(MachineChecks.of(machine));
        findings.addAll(NativeChecks.ofThisProcess().findings(machine.nvidiaDriver()));
        findings.addAll(KnownQuestion.findings());
        model.ifPresent(name -> findings.add(ModelCheck.of(
                name,
                machine.freeBytes().orElse(Long.MAX_VALUE),
                EngineOptions.defaults().settings(name).plannedConfig(DeviceSpec.Kind.CPU))));
        return findings;
    }
}
