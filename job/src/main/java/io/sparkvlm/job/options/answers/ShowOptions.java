package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.show.RowFilter;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.outcome.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which answers are shown, and how. */
public final class ShowOptions {
    private static final int TEXT_ROWS = 20;
    private static final int MAX_TEXT_ROWS = 10_000;
    private static final int PAGE_ROWS = 200;
    /** With as many pictures as a row can show, and photographs all of them, a page of some 100 MB. */
    private static final int MAX_PAGE_ROWS = 1_000;

    @Parameters(arity = "1", paramLabel = "OUTPUT", description = "A folder that generate wrote.")
    private String output;

    @Option(names = "--status", paramLabel = "STATUS", description = "Rows of this status only: ok or error.")
    private Optional<Status> status = Optional.empty();

    @Option(names = "--code", paramLabel = "CODE", description = "Rows with this error only, as image_file_not_found.")
    private Optional<String> code = Optional.empty();

    @Option(names = "--custom-id", paramLabel = "ID", description = "The row with this custom_id only.")
    private Optional<String> customId = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Rows that are shown at most (default: " + TEXT_ROWS + ", of a page " + PAGE_ROWS + ").")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write one page for a browser, with thumbnails, instead of printing.")
    private Optional<Path> page = Optional.empty();

    @Mixin
    private AskedOptions asked;

    /** As the output's column has it, in lower case. */
    private enum Status {
        OK,
        ERROR
    }

    public String output() {
        return output;
    }

    public RowFilter filter() throws JobRefusedException {
        Set<String> codes = ErrorCode.all().stream().map(ErrorCode::wireName).collect(Collectors.toSet());
        if (code.isPresent() && !codes.contains(code.get())) {
            throw new JobRefusedException(
                    "unknown code \"" + code.get() + "\" in --code" + NearestName.hint(code.get(), codes));
        }
        return new RowFilter(status.map(wanted -> wanted.name().toLowerCase(Locale.ROOT)), code, customId);
    }

    public int limit() throws JobRefusedException {
        int most = page.isPresent() ? MAX_PAGE_ROWS : MAX_TEXT_ROWS;
        int rows = limit.orElse(page.isPresent() ? PAGE_ROWS : TEXT_ROWS);
        if (rows < 1 || rows > most) {
            throw new JobRefusedException("expected --limit from 1 to " + most + ", found " + rows
                    + "; for all rows, read the table with Spark");
        }
        return rows;
    }

    /** The file that the page about an output goes to, if one is wanted. */
    public Optional<Path> page(OutputFolder about) throws JobRefusedException, IOException {
        return page.isPresent() ? Optional.of(FileBeside.of("--html", page.get(), about)) : Optional.empty();
    }

    public AskedOptions asked() {
        return asked;
    }
}
