package io.sparkvlm.preprocessing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.prepared.Conversation;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a prepared row as the body of a chat completion for another engine. Media are in it as they were fetched and checked
 * here, so that the engine's server fetches nothing.
 */
public final class ChatBody {
    /** Parameters that only some servers know, with the values at which they do nothing; they are left out then. */
    private static final Map<String, String> NEUTRAL = Map.of(
            "min_tokens", "0",
            "top_k", "0",
            "min_p", "0.0",
            "repetition_penalty", "1.0",
            "stop", "[]",
            "stop_token_ids", "[]",
            "ignore_eos", "false",
            "skip_special_tokens", "true");

    private ChatBody() {}

    /**
     * The body, or why no server could be asked for the same.
     *
     * @param model as the server names it
     */
    public static Outcome<String> write(PreparedRequest request, String model) {
        if (request.conversation().isEmpty()) {
            throw new IllegalArgumentException("expected a row with its messages, found one of a prepared table");
        }
        Conversation conversation = request.conversation().get();
        Optional<Rejection> refused = refusal(request.media(), conversation);
        if (refused.isPresent()) {
            return Outcome.rejected(refused.get());
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model);
        ArrayNode messages = body.putArray("messages");
        Iterator<PreparedMedia> media = request.media().iterator();
        conversation.messages().forEach(message -> messages.add(message(message, media)));
        GenerationParamsJson.toTree(request.generation()).properties().forEach(field -> {
            if (!field.getValue().toString().equals(NEUTRAL.get(field.getKey()))) {
                body.set(field.getKey(), field.getValue());
            }
        });
        // Not the default ones: vLLM 0.32 refuses the field unless it was started with --trust-request-mm-kwargs.
        conversation.bounds().stream()
                .flatMap(Optional::stream)
                .filter(it -> !it.equals(PixelBounds.IMAGE_DEFAULT))
                .findFirst()
                .ifPresent(bounds -> body.set("mm_processor_kwargs", kwargs(bounds)));
        return Outcome.ok(OpenAiJson.write(body));
    }

    /** A server resizes all pictures of a request within the same bounds, and chooses a video file's frames itself. */
    private static Optional<Rejection> refusal(List<PreparedMedia> media, Conversation conversation) {
        Optional<PreparedMedia> video =
                media.stream().filter(it -> it.kind() == MediaKind.VIDEO).findFirst();
        if (video.isPresent()) {
            return Optional.of(Rejection.at(
                    video.get().files().get(0).param(),
                    RequestCode.UNSUPPORTED_VALUE,
                    "expected images, found a video, whose frames another engine would choose by rules of its own"));
        }
        Set<PixelBounds> bounds =
                conversation.bounds().stream().flatMap(Optional::stream).collect(Collectors.toSet());
        return bounds.size() <= 1
                ? Optional.empty()
                : Optional.of(Rejection.at(
                        media.get(0).files().get(0).param(),
                        RequestCode.UNSUPPORTED_VALUE,
                        "expected the same min_pixels and max_pixels for all images of a request to another engine, found "
                                + bounds.size() + " different ones"));
    }

    private static ObjectNode kwargs(PixelBounds bounds) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("min_pixels", bounds.minPixels())
                .put("max_pixels", bounds.maxPixels());
    }

    private static ObjectNode message(ChatMessage message, Iterator<PreparedMedia> media) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("role", message.role().wireName());
        return message.content().fold(text -> node.put("content", text), parts -> {
            ArrayNode content = node.putArray("content");
            parts.forEach(part -> content.add(part(part, media)));
            return node;
        });
    }

    private static ObjectNode part(ContentPart part, Iterator<PreparedMedia> media) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return part.fold(text -> node.put("type", "text").put("text", text), kind -> {
            node.put("type", "image_url").putObject("image_url").put("url", dataUrl(media.next()));
            return node;
        });
    }

    private static String dataUrl(PreparedMedia image) {
        return image.fold(
                images -> {
                    byte[] bytes = images.images().get(0).image().bytes();
                    return "data:" + images.images().get(0).image().mediaType() + ";base64,"
                            + Base64.getEncoder().encodeToString(bytes);
                },
                video -> {
                    throw new IllegalStateException("a video is refused before its body is written");
                },
                resized -> {
                    throw new IllegalStateException("a row with its messages has its files as they came");
                });
    }
}
