package io.sparkvlm.preprocessing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.Sha256;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.ValidRequest;
import java.util.List;

/**
 * Computes a hash of all that decides a request's answer but its row's id: requests of equal keys have equal answers, where
 * no seed was made from the id. A medium counts by its bytes where the row holds them, else by what names it.
 */
final class RequestKey {
    private final RowColumns columns;

    private RequestKey(RowColumns columns) {
        this.columns = columns;
    }

    /** @param columns of the row, which its media may lie in */
    static String of(ValidRequest request, RowColumns columns) {
        return Sha256.hex(OpenAiJson.writeAscii(new RequestKey(columns).tree(request)));
    }

    private ObjectNode tree(ValidRequest request) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("model", request.chat().model());
        ArrayNode messages = tree.putArray("messages");
        request.chat().messages().forEach(message -> messages.add(tree(message)));
        tree.set("params", GenerationParamsJson.decidingTree(request.chat().generation()));
        tree.put("token_limit", request.tokenLimit().name());
        ArrayNode media = tree.putArray("media");
        request.media().forEach(medium -> media.add(tree(medium)));
        ArrayNode warnings = tree.putArray("warnings");
        request.warnings().forEach(warnings::add);
        return tree;
    }

    private static ObjectNode tree(ChatMessage message) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("role", message.role().name());
        return message.content().fold(text -> tree.put("content", text), parts -> {
            ArrayNode array = tree.putArray("content");
            parts.forEach(part -> array.add(tree(part)));
            return tree;
        });
    }

    private static ObjectNode tree(ContentPart part) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        return part.fold(text -> tree.put("text", text), kind -> tree.put("medium", kind.name()));
    }

    private ObjectNode tree(MediaPart medium) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("kind", medium.kind().name());
        return medium.fold(
                pictures -> add(pictures.references(), tree)
                        .put("bounds", pictures.bounds().toString()),
                video -> add(List.of(video.reference()), tree)
                        .put("frames", video.frames().toString()) // numbers, and a path of names
                        .put("budget", video.budget().toString()));
    }

    private ObjectNode add(List<MediaReference> references, ObjectNode medium) {
        ArrayNode files = medium.putArray("files");
        for (MediaReference reference : references) {
            // A message about the file says where the request names it.
            files.addArray().add(reference.param()).add(reference.url()).add(inColumn(reference));
        }
        return medium;
    }

    private String inColumn(MediaReference reference) {
        return MediaFetcher.column(reference)
                .map(path -> columns.find(path)
                        .fold(
                                file -> "bytes " + Sha256.hex(file.bytes()),
                                location -> "location " + location.url(),
                                unusable -> "unusable " + unusable.reason()))
                .orElse("");
    }
}
