package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option that says when a job stops that has not ended. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class DeadlineOption {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhd])");

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "Stop as on SIGTERM after so long (30m, 8h, 2d) or at a time (2026-12-01T06:00 of this"
                    + " machine's zone, or with a Z for UTC), with exit code 1; the same command goes on.")
    private Optional<String> deadline = Optional.empty();

    public Optional<Instant> moment() throws JobRefusedException {
        return deadline.isPresent() ? Optional.of(parse(deadline.get(), Instant.now())) : Optional.empty();
    }

    static Instant parse(String text, Instant now) throws JobRefusedException {
        Matcher span = SPAN.matcher(text.toLowerCase(Locale.ROOT));
        if (span.matches()) {
            long count = Long.parseLong(span.group(1));
            return now.plus(
                    switch (span.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        try {
            Instant moment = text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
            if (!moment.isAfter(now)) {
                throw new JobRefusedException("expected --deadline to come, found \"" + text + "\", which is over");
            }
            return moment;
        } catch (DateTimeException e) {
            throw new JobRefusedException(
                    "expected --deadline as 30m, 8h, 2d or 2026-12-01T06:00, found \"" + text + "\"", e);
        }
    }
}
