package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.checkpoint.JsonFile;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a checkpoint that shape its prompts, cut its pictures and end its answers.
 *
 * @param endIds end an answer: generation_config.json, eos_token_id
 * @param imagePadId stands where an image's tokens go: config.json, image_token_id
 * @param videoPadId stands where a video's tokens go: config.json, video_token_id
 * @param contextTokens that the model was made for: max_position_embeddings
 * @param vocabularySize one above the largest token id: vocab_size
 * @param geometry how pictures are cut: vision_config
 * @param sampling what generation_config.json would have sampling be
 */
public record CheckpointSettings(
        Set<Integer> endIds,
        int imagePadId,
        int videoPadId,
        int contextTokens,
        int vocabularySize,
        PatchGeometry geometry,
        SamplingDefaults sampling) {
    public CheckpointSettings {
        endIds = Set.copyOf(endIds);
    }

    /** Reads config.json, generation_config.json and the image processor's configuration. */
    public static CheckpointSettings read(Path checkpoint) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(new CheckpointFolder(checkpoint));
        JsonNode generation = JsonFile.readIfThere(checkpoint.resolve("generation_config.json"));
        return new CheckpointSettings(
                endIds(List.of(generation, config.text().json(), config.root().json())),
                config.imageTokenId(),
                config.videoTokenId(),
                config.contextTokens(),
                config.vocabularySize(),
                config.patchGeometry(),
                sampling(generation));
    }

    private static Set<Integer> endIds(List<JsonNode> sources) throws IOException {
        Optional<JsonNode> ids = sources.stream()
                .map(source -> source.path("eos_token_id"))
                .filter(node -> node.isInt() || node.isArray())
                .findFirst();
        if (ids.isEmpty()) {
            throw new IOException("expected eos_token_id in generation_config.json or config.json, found none");
        }
        Set<Integer> found = new LinkedHashSet<>();
        if (ids.get().isInt()) {
            found.add(ids.get().intValue());
        }
        ids.get().forEach(id -> found.add(id.intValue()));
        return found;
    }

    private static SamplingDefaults sampling(JsonNode generation) {
        SamplingDefaults openAi = SamplingDefaults.OPENAI;
        return new SamplingDefaults(
                generation.path("temperature").asDouble(openAi.temperature()),
                generation.path("top_p").asDouble(openAi.topP()),
                Math.max(0, generation.path("top_k").asInt(openAi.topK())),
                generation.path("min_p").asDouble(openAi.minP()),
                generation.path("repetition_penalty").asDouble(openAi.repetitionPenalty()),
                generation.path("max_new_tokens").asInt(openAi.maxTokens()));
    }
}
