package io.sparkvlm.job.options;

import io.sparkvlm.job.input.TableSelection;
import io.sparkvlm.job.input.TableSelection.Kind;
import io.sparkvlm.job.lake.TableLibrary;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that name requests in a table of Spark's catalogs, or the rows of a query, instead of files. */
@HelpGroup.Of(HelpGroup.INPUT)
public final class TableOptions {
    @Option(
            names = "--input-table",
            paramLabel = "NAME",
            description =
                    "Requests: a table of Spark's catalogs, as db.requests; one of Delta or Iceberg is read at the"
                            + " version that the first start finds.")
    private Optional<String> table = Optional.empty();

    @Option(
            names = "--input-query",
            paramLabel = "SQL",
            description = "Requests: the rows of a query of Spark, which must be the same in every start.")
    private Optional<String> query = Optional.empty();

    @Option(
            names = "--row-id-column",
            paramLabel = "COLUMN",
            description = "The column of a table or query that tells rows apart, in every start (default: a hash of all"
                    + " columns does).")
    private Optional<String> rowIdColumn = Optional.empty();

    /**
     * The table or query that is named, also as the folder of a table of Delta.
     *
     * @throws JobRefusedException where both are, or files too
     */
    public Optional<TableSelection> selection(InputOptions files, Configuration hadoop) throws JobRefusedException {
        Optional<String> folder = files.deltaFolder(hadoop);
        int named = (table.isPresent() ? 1 : 0) + (query.isPresent() ? 1 : 0) + (files.areNamed() ? 1 : 0);
        if (named != 1) {
            throw new JobRefusedException("expected one of --input, --input-table and --input-query, found "
                    + (named == 0 ? "none" : "several"));
        }
        Optional<String> name = table.or(() -> folder.map(TableLibrary::deltaTable));
        if (name.isPresent()) {
            TableLibrary.requireFor(name.get());
            return Optional.of(selection(Kind.TABLE, name.get(), files));
        }
        if (query.isPresent()) {
            return Optional.of(selection(Kind.QUERY, query.get(), files));
        }
        if (rowIdColumn.isPresent()) {
            throw new JobRefusedException("expected --input-table or --input-query with --row-id-column, found files,"
                    + " whose rows are told apart by where they stand");
        }
        return Optional.empty();
    }

    private TableSelection selection(Kind kind, String text, InputOptions files) throws JobRefusedException {
        return new TableSelection(kind, text, rowIdColumn, files.roles(), files.limitRows());
    }
}
