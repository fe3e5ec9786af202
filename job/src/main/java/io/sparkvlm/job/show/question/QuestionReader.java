package io.sparkvlm.job.show.question;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.job.show.question.RowQuestion.Known;
import io.sparkvlm.job.show.question.RowQuestion.NamedMedium;
import io.sparkvlm.job.show.question.RowQuestion.Turn;
import io.sparkvlm.job.text.MediaName;
import io.sparkvlm.job.text.VisibleText;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a request asks, as far as it can be read. It does not judge requests, because the refused ones are
 * those that people want to see.
 */
final class QuestionReader {
    private static final int MAX_TURNS = 20;
    private static final int MAX_MEDIA = 64;
    /** Of all media of a row together. */
    private static final int MAX_PICTURES = 12;

    private static final int MAX_LINE_CHARACTERS = 200;

    private final Illustrator illustrator;

    QuestionReader(Illustrator illustrator) {
        this.illustrator = illustrator;
    }

    RowQuestion read(RequestRow row) {
        return RequestLine.read(row.json())
                .fold(
                        line -> question(line.request().body(), row.columns()),
                        rejection -> new RowQuestion.Unknown(
                                "the line is no request: " + VisibleText.cut(row.json(), MAX_LINE_CHARACTERS)));
    }

    private RowQuestion question(WireValue body, RowColumns columns) {
        List<Turn> turns = new ArrayList<>();
        List<NamedMedium> media = new ArrayList<>();
        for (WireValue message : elements(body.field("messages").orElse(new WireValue("messages", null)))) {
            StringBuilder text = new StringBuilder();
            message.field("content").ifPresent(content -> {
                if (content.node().isTextual()) {
                    text.append(content.node().textValue());
                }
                elements(content).forEach(part -> {
                    textOf(part, text);
                    if (media.size() < MAX_MEDIA) {
                        mediumOf(part, media, columns);
                    }
                });
            });
            turns.add(new Turn(
                    message.node().path("role").asText(),
                    VisibleText.cut(text.toString(), VisibleText.MAX_CHARACTERS)));
        }
        if (turns.isEmpty()) {
            return new RowQuestion.Unknown("the request has no messages");
        }
        int last = turns.size() - 1;
        for (int i = last; i >= 0; i--) {
            if (turns.get(i).role().equals("user")) {
                last = i;
                break;
            }
        }
        return new Known(turns.get(last).text(), turns.subList(Math.max(0, last - MAX_TURNS), last), media);
    }

    private static void textOf(WireValue part, StringBuilder text) {
        JsonNode value = part.node().path("text");
        if (value.isTextual()) {
            text.append(text.isEmpty() ? "" : "\n").append(value.textValue());
        }
    }

    private void mediumOf(WireValue part, List<NamedMedium> media, RowColumns columns) {
        for (String field : List.of("image_url", "image", "video_url", "video")) {
            part.field(field).ifPresent(value -> {
                WireValue url = value.field("url").orElse(value);
                MediaKind kind = field.startsWith("image") ? MediaKind.IMAGE : MediaKind.VIDEO;
                List<MediaReference> references = new ArrayList<>();
                if (url.node().isTextual()) {
                    references.add(new MediaReference(url.node().textValue(), kind, url.path()));
                }
                for (WireValue frame : elements(url)) {
                    references.add(new MediaReference(frame.node().asText(), kind, frame.path()));
                }
                if (!references.isEmpty()) {
                    int drawn = media.stream()
                            .mapToInt(medium -> medium.pictures().size())
                            .sum();
                    int left = MAX_PICTURES - drawn;
                    media.add(new NamedMedium(
                            references.stream()
                                    .map(reference -> MediaName.of(reference.url()))
                                    .toList(),
                            illustrator.draw(references.subList(0, Math.min(left, references.size())), columns)));
                }
            });
        }
    }

    private static List<WireValue> elements(WireValue array) {
        List<WireValue> elements = new ArrayList<>();
        if (array.node().isArray()) {
            for (int i = 0; i < array.node().size(); i++) {
                elements.add(array.element(i));
            }
        }
        return elements;
    }
}
