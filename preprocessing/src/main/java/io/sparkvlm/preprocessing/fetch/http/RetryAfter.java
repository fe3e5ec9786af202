package io.sparkvlm.preprocessing.fetch.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/** How long does a Retry-After header ask to wait? RFC 9110, 10.2.3: seconds or a date. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    /** Nothing when it is neither; never negative. */
    static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        return Optional.ofNullable(DateUtils.parseStandardDate(value))
                .map(date -> Duration.between(now, date))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }
}
