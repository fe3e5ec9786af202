package io.sparkvlm.job.export;

import io.sparkvlm.job.text.JobRefusedException;
import java.nio.file.Path;
import java.util.Locale;

/** The files that there are for other tools; each is called by its name's end. */
enum ExportFormat {
    /** The samples of lmms-eval. */
    JSONL("doc_id"),
    /** A table of predictions of VLMEvalKit. */
    TSV("index"),
    /** The same for a spreadsheet, which is what VLMEvalKit writes. */
    XLSX("index");

    private final String number;

    ExportFormat(String number) {
        this.number = number;
    }

    /** @throws JobRefusedException when the name has another end */
    static ExportFormat of(Path file) throws JobRefusedException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (ExportFormat format : values()) {
            if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new JobRefusedException(
                "expected --export to name a file that ends in .jsonl (lmms-eval), .tsv or .xlsx (VLMEvalKit), found "
                        + file);
    }

    /** What the tool calls the number of a question. */
    String number() {
        return number;
    }
}
