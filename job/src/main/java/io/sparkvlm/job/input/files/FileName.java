package io.sparkvlm.job.input.files;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;

/** Says what the name of a file says of its content. */
enum FileName {
    JSONL(InputFormat.JSONL),
    PARQUET(InputFormat.PARQUET),
    /** Files that lie beside data: descriptions, checksums, pictures that requests name. */
    NO_DATA(InputFormat.AUTO),
    UNKNOWN(InputFormat.AUTO);

    private static final List<String> PARQUET_ENDINGS = List.of(".parquet", ".parq", ".pq");
    private static final List<String> COMPRESSIONS = List.of("", ".gz", ".bz2", ".zst");
    private static final List<String> JSONL_ENDINGS = Stream.of(".jsonl", ".ndjson", ".json")
            .flatMap(ending -> COMPRESSIONS.stream().map(compression -> ending + compression))
            .toList();

    /** What Hugging Face's datasets leaves beside data. */
    private static final Set<String> DESCRIPTIONS =
            Set.of("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json");

    private static final List<String> NO_DATA_STARTS =
            List.of("readme", "license", "licence", "notice", "changelog", "citation");
    private static final List<String> NO_DATA_ENDINGS = List.of(
            ".md", ".rst", ".html", ".pdf", ".py", ".ipynb", ".yaml", ".yml", ".crc", ".md5", ".sha256", ".log", ".png",
            ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".svg", ".mp4", ".mkv", ".webm", ".mov", ".avi");

    private final InputFormat format;

    FileName(InputFormat format) {
        this.format = format;
    }

    static FileName of(FileStatus file) {
        String name = file.getPath().getName().toLowerCase(Locale.ROOT);
        if (DESCRIPTIONS.contains(name) || NO_DATA_STARTS.stream().anyMatch(start -> isNamed(name, start))) {
            return NO_DATA;
        }
        if (PARQUET_ENDINGS.stream().anyMatch(name::endsWith)) {
            return PARQUET;
        }
        if (JSONL_ENDINGS.stream().anyMatch(name::endsWith)) {
            return JSONL;
        }
        return NO_DATA_ENDINGS.stream().anyMatch(name::endsWith) ? NO_DATA : UNKNOWN;
    }

    /** {@link InputFormat#AUTO} where the name says none. */
    InputFormat format() {
        return format;
    }

    /** LICENSE and LICENSE.txt, and not licenses.jsonl. */
    private static boolean isNamed(String name, String word) {
        return name.equals(word) || name.equals(word + ".txt");
    }
}
