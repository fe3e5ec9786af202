package io.sparkvlm.job.options;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a device's memory as it is sold: 80g is 80 x 10^9 bytes. */
final class GigabytesConverter implements ITypeConverter<Long> {
    private static final Pattern GIGABYTES = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(?:[gG][bB]?)?");

    @Override
    public Long convert(String value) {
        Matcher gigabytes = GIGABYTES.matcher(value);
        if (!gigabytes.matches()) {
            throw new TypeConversionException("expected device-memory as 24g or 80g, found \"" + value + "\"");
        }
        return new BigDecimal(gigabytes.group(1)).movePointRight(9).longValueExact();
    }
}
