package io.sparkvlm.job.lake;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Names a table of Spark's catalogs.
 *
 * @param parts catalog and namespaces first, where there are any
 */
public record TableName(List<String> parts) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

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

    /** In Spark's SQL, without a comment that it was written with. */
    public String sql() {
        return parts.stream()
                .map(part -> PLAIN.matcher(part).matches() ? part : "`" + part.replace("`", "``") + "`")
                .collect(Collectors.joining("."));
    }
}
