package io.sparkvlm.job.lake;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Names a table of Spark's catalogs.
 *
 * @param parts catalog and namespaces first, where there are any
 */
public record TableName(List<String> parts) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Reads as the strictest of sessions do. */
    private static final SQLConf STRICT = new SQLConf();

    static {
        STRICT.setConfString("spark.sql.ansi.enabled", "true");
        STRICT.setConfString("spark.sql.ansi.enforceReservedKeywords", "true");
    }

    public TableName {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a name as a user writes it.
     *
     * @param option that gives it
     * @throws JobRefusedException where the text is anything but a name, as a query
     */
    public static TableName parse(String text, String option) throws JobRefusedException {
        try {
            return new TableName(CollectionConverters.asJava(new CatalystSqlParser().parseMultipartIdentifier(text)));
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException(
                    "expected the name of a table as " + option + ", as db.requests or delta.`/folder`, found " + text
                            + (option.equals("--input-table") ? ": --input-query takes queries" : ""),
                    e);
        }
    }

    private static boolean isPlain(String part) {
        return PLAIN.matcher(part).matches() && SQLConf.withExistingConf(STRICT, () -> isRead(part));
    }

    /** Whether the word is a name, and not a reserved one. */
    private static boolean isRead(String word) {
        try {
            return !new CatalystSqlParser().parseMultipartIdentifier(word).isEmpty();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            return false;
        }
    }

    /** In Spark's SQL, without a comment that it was written with. */
    public String sql() {
        return parts.stream()
                .map(part -> isPlain(part) ? part : "`" + part.replace("`", "``") + "`")
                .collect(Collectors.joining("."));
    }
}
