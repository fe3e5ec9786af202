package io.sparkvlm.job.export;

import io.sparkvlm.job.text.Figures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.dhatim.fastexcel.RichText;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** A table for spreadsheets. A text is a text whatever it begins with: none is taken for a formula. */
final class XlsxTable implements SampleWriter {
    /** Of a sheet, without that of the names. */
    static final long MOST_ROWS = 1_048_575;

    private static final int MOST_CHARACTERS = 32_767;
    /** Above it two whole numbers are one number of a spreadsheet. */
    private static final long MOST_EXACT = 1L << 53;
    /** Rows that are kept before they are written. */
    private static final int PENDING_ROWS = 500;

    private final Workbook workbook;
    private final Worksheet sheet;
    private final List<TableColumn> columns;
    private int next;
    private long cut;

    XlsxTable(OutputStream file, List<TableColumn> columns) {
        this.workbook = new Workbook(file, "Spark VLM", null);
        this.sheet = workbook.newWorksheet("Sheet1");
        this.columns = columns;
        for (int column = 0; column < columns.size(); column++) {
            text(column, columns.get(column).name());
        }
        next++;
    }

    @Override
    public void write(Sample sample) throws IOException {
        for (int column = 0; column < columns.size(); column++) {
            Object value = columns.get(column).value().apply(sample);
            if (value instanceof Boolean truth) {
                sheet.value(next, column, truth);
            } else if (value instanceof Number number && isExact(number)) {
                sheet.value(next, column, number);
            } else if (value != null) {
                text(column, value.toString());
            }
        }
        next++;
        if (next % PENDING_ROWS == 0) {
            sheet.flush();
        }
    }

    private static boolean isExact(Number number) {
        return number instanceof Long whole ? Math.abs(whole) <= MOST_EXACT : Double.isFinite(number.doubleValue());
    }

    /** In its place in the file, and not in a list of all texts, which would have to be kept until the end. */
    private void text(int column, String text) {
        String kept = text;
        if (text.length() > MOST_CHARACTERS) {
            cut++;
            int end =
                    Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
            kept = text.substring(0, end);
        }
        if (!kept.isEmpty() && kept.equals(kept.strip())) {
            sheet.inlineString(next, column, kept);
        } else if (!kept.isEmpty()) { // a run says xml:space="preserve", as a bare text does not
            sheet.inlineString(next, column, RichText.builder().run(kept).end().build());
        }
    }

    @Override
    public String finish() throws IOException {
        workbook.close();
        return cut == 0
                ? ""
                : "; " + Figures.count(cut, "text") + " cut after the " + Figures.count(MOST_CHARACTERS)
                        + " characters that a cell of XLSX holds, a name that ends in .tsv keeps all";
    }
}
