package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.lake.TableName;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names the rows of a table of Spark's catalogs, or those that a query returns.
 *
 * @param text the table's name, or the query, in Spark's SQL
 * @param rowIdColumn tells rows apart; without one a hash of all columns does
 */
public record TableSelection(
        Kind kind, String text, Optional<String> rowIdColumn, ColumnRoles roles, Optional<Long> limitRows)
        implements JobSource {
    /** What the text is. */
    public enum Kind {
        TABLE("input-table"),
        QUERY("input-query");

        private final String option;

        Kind(String option) {
            this.option = option;
        }
    }

    /**
     * The table's name, to be put into SQL.
     *
     * @throws JobRefusedException where the text is not one
     */
    String table() throws JobRefusedException {
        return TableName.parse(text, "--" + Kind.TABLE.option).sql();
    }

    @Override
    public Optional<RequestFiles> requestFiles() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(kind.option, text);
        rowIdColumn.ifPresent(column -> options.put("row-id-column", column));
        return options;
    }
}
