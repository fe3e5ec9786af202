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
 * @param heapMib of the process
 */
public record JobCommand(Path job, Path input, String output, OutputFormat format, int heapMib, List<String> options) {
    private static final int HEAP_MIB = 1024;

    public JobCommand {
        options = List.copyOf(options);
    }

    /** One with little heap. */
    public JobCommand(Path job, Path input, String output, OutputFormat format, List<String> options) {
        this(job, input, output, format, HEAP_MIB, options);
    }

    /** The same with more options. */
    public JobCommand with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new JobCommand(job, input, output, format, heapMib, all);
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
                "-Xmx" + heapMib + "m",
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
