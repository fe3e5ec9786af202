package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.PathText;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;

/**
 * Tells from what a task threw that a file of the input is damaged, and says so in one line. To try such a task again
 * brings the same; what a network or a store threw is none of it.
 */
public final class DamagedInput {
    /** Spark's name for what it wraps around everything that reading a file throws. */
    private static final String READ_FAILED = "FAILED_READ_FILE";

    /** Times, nanoseconds and UUIDs have numbers of types that Spark's variants lack. */
    private static final String FOREIGN_VARIANT = "UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT";

    private static final Pattern COLUMN = Pattern.compile("\\bin col(?:umn)? \\[([^\\]]+)]");

    /** Packages whose exceptions tell of machines and not of bytes. */
    private static final List<String> OF_MACHINES = List.of(
            "java.net.",
            "javax.net.",
            "io.netty.",
            "org.apache.http.",
            "org.apache.hadoop.fs.s3a.",
            "org.apache.hadoop.hdfs.",
            "org.apache.hadoop.ipc.",
            "org.apache.hadoop.security.",
            "org.apache.spark.memory.",
            "software.amazon.",
            "com.azure.",
            "com.google.cloud.");

    private static final int LONGEST_REASON = 200;

    private DamagedInput() {}

    /** The line, or nothing where the failure is of another kind. */
    public static Optional<String> of(Throwable thrown) {
        List<Throwable> chain = ExceptionUtils.getThrowableList(thrown);
        if (chain.stream().anyMatch(DamagedInput::isOfMachines)) {
            return Optional.empty();
        }
        for (Throwable link : chain) {
            if (link instanceof UnreadableFileException unreadable) {
                return Optional.of(line(unreadable.file(), RootCause.of(thrown)));
            }
            if (hasCondition(link, READ_FAILED)) {
                Path file = new Path(URI.create(
                        ((SparkThrowable) link).getMessageParameters().get("path")));
                return Optional.of(
                        hasForeignVariant(chain)
                                ? foreignVariant("the input's file " + PathText.of(file))
                                : line(file, reason(chain)));
            }
        }
        return hasForeignVariant(chain) ? Optional.of(foreignVariant("the input")) : Optional.empty();
    }

    private static boolean hasCondition(Throwable link, String start) {
        return link instanceof SparkThrowable spark
                && spark.getCondition() != null
                && spark.getCondition().startsWith(start);
    }

    /** A value tells its type itself, so that the file's schema says nothing of it; some show only as rows are written. */
    private static boolean hasForeignVariant(List<Throwable> chain) {
        return chain.stream().anyMatch(link -> hasCondition(link, FOREIGN_VARIANT));
    }

    private static String foreignVariant(String where) {
        return where
                + " has a variant with values of a type that Spark has not: leave its column out with --drop-columns";
    }

    private static String line(Path file, String reason) {
        return "the input's file " + PathText.of(file) + " is damaged: "
                + StringUtils.abbreviate(reason, LONGEST_REASON);
    }

    /** What a reader of Parquet stumbled over. */
    private static String reason(List<Throwable> chain) {
        Throwable root = chain.get(chain.size() - 1);
        String column = chain.stream()
                .map(link -> COLUMN.matcher(String.valueOf(link.getMessage())))
                .filter(Matcher::find)
                .map(matcher -> " of the column " + matcher.group(1))
                .findFirst()
                .orElse("");
        if (root.getClass().getName().contains(".thrift.")) {
            return "the header of a page" + column + " is not whole";
        }
        return "values" + column + " cannot be decoded" + (speaks(root) ? " (" + RootCause.of(root) + ")" : "");
    }

    /** Whether a message is of the file: those of Java are of what the reader did. */
    private static boolean speaks(Throwable root) {
        boolean ofJava = root.getClass().getName().startsWith("java.") && !(root instanceof IOException);
        return !StringUtils.isBlank(root.getMessage()) && !ofJava;
    }

    private static boolean isOfMachines(Throwable link) {
        return link instanceof InterruptedIOException
                || link instanceof VirtualMachineError
                || OF_MACHINES.stream().anyMatch(link.getClass().getName()::startsWith);
    }
}
