package io.sparkvlm.job.kill;

import io.sparkvlm.job.output.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a {@link KilledJob}, the same at every start but for the harm that it comes to.
 *
 * @param job the folder that the job's tests run in
 * @param options settings of Spark and what {@link KilledJob} knows, as {@code KEY=VALUE}
 */
public record JobCommand(Path job, Path input, String output, OutputFormat format, List<String> options) {
    public JobCommand {
        options = List.copyOf(options);
    }

    /** The same with more options. */
    public JobCommand with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new JobCommand(job, input, output, format, all);
    }

    /**
     * Starts it.
     *
     * @param log gets what the process says on standard error
     */
    public JobProcess start(Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@../conf/spark-java.options",
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledJob.class.getName(),
                input.toAbsolutePath().toString(),
                output,
                format.name()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(job.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return new JobProcess(builder.start());
    }
}
