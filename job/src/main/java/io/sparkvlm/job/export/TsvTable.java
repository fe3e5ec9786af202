package io.sparkvlm.job.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table whose cells are all quoted, as VLMEvalKit writes them: tabs and line breaks may stand in them. */
final class TsvTable implements SampleWriter {
    private final OutputStream file;
    private final List<TableColumn> columns;

    TsvTable(OutputStream file, List<TableColumn> columns) throws IOException {
        this.file = file;
        this.columns = columns;
        line(TableColumn::name);
    }

    @Override
    public void write(Sample sample) throws IOException {
        line(column -> column.value().apply(sample));
    }

    private void line(Function<TableColumn, Object> value) throws IOException {
        String line =
                columns.stream().map(column -> quoted(value.apply(column))).collect(Collectors.joining("\t"));
        file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(Object value) {
        return value == null ? "\"\"" : '"' + value.toString().replace("\"", "\"\"") + '"';
    }

    @Override
    public String finish() {
        return "";
    }
}
