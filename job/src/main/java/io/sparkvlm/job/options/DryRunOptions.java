package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options of a job that is only looked at. */
@HelpGroup.Of(HelpGroup.DRY_RUN)
public final class DryRunOptions {
    private static final int MOST_ROWS = 1_000;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description =
                    "Say what the job would do, and write nothing: rows that will fail and why, tokens, media, equal"
                            + " requests, memory, time.")
    private boolean wanted;

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Print what --dry-run finds as one JSON object (default: ${DEFAULT-VALUE}).")
    private boolean json;

    @Option(
            names = "--calibrate",
            defaultValue = "256",
            paramLabel = "N",
            description =
                    "Rows that --dry-run answers at most to estimate the time of all, which it stops at some ten seconds; 0"
                            + " for none (default: ${DEFAULT-VALUE}).")
    private int calibrationRows;

    @Option(
            names = "--price-per-hour",
            paramLabel = "PRICE",
            description = "What all machines together cost an hour, for the cost in --dry-run.")
    private Optional<Double> pricePerHour = Optional.empty();

    @Option(
            names = "--device-memory",
            converter = GigabytesConverter.class,
            paramLabel = "GB",
            description =
                    "Memory of one device as it is sold, as 80g, for the plan of it in --dry-run: of a GPU, or of each"
                            + " executor's machine with --device=cpu (default: what is free on this machine, where its"
                            + " CPU answers).")
    private Optional<Long> deviceBytes = Optional.empty();

    public boolean wanted() {
        return wanted;
    }

    public boolean json() {
        return json;
    }

    public int calibrationRows() throws JobRefusedException {
        if (calibrationRows < 0 || calibrationRows > MOST_ROWS) {
            throw new JobRefusedException("expected --calibrate from 0 to " + MOST_ROWS + ", found " + calibrationRows);
        }
        return calibrationRows;
    }

    public OptionalLong deviceBytes() {
        return deviceBytes.stream().mapToLong(bytes -> bytes).findFirst();
    }

    public OptionalDouble pricePerHour() throws JobRefusedException {
        if (pricePerHour.isPresent() && !(pricePerHour.get() >= 0 && pricePerHour.get() < Double.POSITIVE_INFINITY)) {
            throw new JobRefusedException("expected --price-per-hour of at least 0, found " + pricePerHour.get());
        }
        return pricePerHour.stream().mapToDouble(price -> price).findFirst();
    }
}
