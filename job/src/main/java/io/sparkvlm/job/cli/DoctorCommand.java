package io.sparkvlm.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sparkvlm.job.doctor.Finding;
import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: says what this machine has of what a job needs, and what to do about the rest. Starts Spark for executors only. */
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

    @Option(
            names = "--executors",
            defaultValue = "false",
            description = "Look at the machines of the executors that spark-submit gives instead, a line each (default:"
                    + " ${DEFAULT-VALUE}).")
    private boolean executors;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        List<Finding> findings = executors ? ofExecutors() : ProcessFindings.all(model);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(array(findings));
        } else {
            findings.forEach(finding -> out.println(finding.line()));
        }
        boolean isWell = findings.stream().noneMatch(finding -> finding.level() == Finding.Level.MISSING);
        return (isWell ? ExitCode.DONE : ExitCode.ABORTED).code();
    }

    private List<Finding> ofExecutors() throws JobRefusedException, IOException {
        try (SparkSession session =
                CommandLine.populateCommand(new SparkOptions()).open()) {
            return ExecutorFindings.of(session, model);
        }
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
