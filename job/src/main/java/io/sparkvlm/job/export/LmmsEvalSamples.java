package io.sparkvlm.job.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.job.evaluate.Scoring;
import io.sparkvlm.job.metric.MetricName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Samples as lmms-eval logs them: a line of JSON for each, with the fields that its 0.7.3 writes, and with {@code doc}, {@code
 * arguments} and {@code resps}, which it wrote before.
 */
final class LmmsEvalSamples implements SampleWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream file;
    private final Optional<String> metric;

    LmmsEvalSamples(OutputStream file, Scoring scoring) {
        this.file = file;
        this.metric = scoring.expression().isPresent() ? Optional.empty() : nameOf(scoring.metric());
    }

    /** What lmms-eval's tasks call the metric. */
    private static Optional<String> nameOf(MetricName metric) {
        return switch (metric) {
            case EXACT, NORMALIZED, VQA -> Optional.of("exact_match");
            case ANLS -> Optional.of("anls");
            case RELAXED -> Optional.of("relaxed_overall");
            case CHOICE, NUMBER, JSON -> Optional.empty();
        };
    }

    @Override
    public void write(Sample sample) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        String doc = sample.row().getAs(ExportedTable.DOC);
        String question = sample.row().getAs(ExportedTable.QUESTION);
        String answer = sample.answer().orElse("");
        line.put(ExportFormat.JSONL.number(), sample.number());
        line.set("doc", JSON.readTree(doc));
        line.put("target", GoldText.of(sample.gold(), false));
        ArrayNode arguments = line.putArray("arguments");
        if (question != null) {
            arguments.add(question);
        }
        line.putArray("resps").add(answer);
        line.put("filtered_resps", answer);
        ObjectNode tokens = line.putArray("token_counts").addObject();
        for (String count : List.of(ExportedTable.INPUT_TOKENS, ExportedTable.OUTPUT_TOKENS)) {
            tokens.put(count, sample.row().<Long>getAs(count));
        }
        line.put("doc_hash", HexFormat.of().formatHex(Sha256.digest().digest(doc.getBytes(StandardCharsets.UTF_8))));
        line.put("score", sample.score().orElse(null));
        metric.ifPresent(name -> line.put(name, sample.score().orElse(null)));
        line.put("input", question == null ? "" : question);
        if (sample.answer().isEmpty()) {
            line.put("error", sample.failure());
        }
        file.write(JSON.writeValueAsBytes(line));
        file.write('\n');
    }

    @Override
    public String finish() {
        return "";
    }
}
