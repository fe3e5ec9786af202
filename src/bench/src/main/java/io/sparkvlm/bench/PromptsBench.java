package io.sparkvlm.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.preprocessing.prompt.ChatPrompt;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.prompt.PromptEncoder;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.RequestRules;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares prompts with the ids that Hugging Face gives them, and times the worst text of a request. */
@Command(
        name = "prompts",
        description = "Compares prompts' ids with Hugging Face's, and times texts made to take long.")
final class PromptsBench implements Callable<Integer> {
    private static final ContextLength CONTEXT = new ContextLength(32_768);
    private static final int HUGE_CHARACTERS = 1 << 20;
    private static final int SHOWN_DIFFERENCES = 10;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", description = "Holds a tokenizer.json with the vocabulary of Qwen2 or Qwen2.5")
    private Path tokenizerFolder;

    @Parameters(index = "1", description = "The output of src/bench/python/prompt_ids.py for that folder")
    private Path expected;

    private final RequestValidator validator = new RequestValidator(new RequestRules(
            List.of(),
            Strictness.LENIENT,
            PixelBounds.IMAGE_DEFAULT,
            MediaCounts.UNBOUNDED,
            1,
            SamplingDefaults.OPENAI,
            JobSampling.NONE,
            0,
            1));

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int different;
        try (PromptEncoder encoder = PromptEncoder.open(checkpoint())) {
            different = compare(encoder, out);
            time(encoder, "one letter", "a".repeat(HUGE_CHARACTERS), out);
            time(encoder, "one word of many letters", letters(), out);
            time(encoder, "spaces", " ".repeat(HUGE_CHARACTERS), out);
            time(encoder, "newlines", "\n".repeat(HUGE_CHARACTERS), out);
            time(encoder, "one emoji", "😀".repeat(HUGE_CHARACTERS / 2), out);
            time(encoder, "one Han character", "中".repeat(HUGE_CHARACTERS), out);
            time(encoder, "digits", "7".repeat(HUGE_CHARACTERS), out);
            time(encoder, "equals signs", "=".repeat(HUGE_CHARACTERS), out);
            time(encoder, "combining marks", "e" + "\u0301".repeat(HUGE_CHARACTERS), out);
            time(encoder, "angle brackets", "<|".repeat(HUGE_CHARACTERS / 2), out);
        }
        return different == 0 ? 0 : 1;
    }

    private int compare(PromptEncoder encoder, PrintWriter out) throws IOException {
        int prompts = 0;
        int different = 0;
        long tokens = 0;
        long start = System.nanoTime();
        try (BufferedReader lines = Files.newBufferedReader(expected)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode prompt = OpenAiJson.read(line);
                int[] ids = StreamSupport.stream(prompt.required("ids").spliterator(), false)
                        .mapToInt(JsonNode::intValue)
                        .toArray();
                String text = prompt.required("text").textValue();
                int[] found = encoded(encoder, text).fold(ChatPrompt::tokenIds, rejection -> new int[0]);
                prompts++;
                tokens += ids.length;
                if (!Arrays.equals(found, ids)) {
                    different++;
                    if (different <= SHOWN_DIFFERENCES) {
                        out.println("not as Hugging Face: " + OpenAiJson.write(text));
                    }
                }
            }
        }
        out.printf(
                "%d prompts of %d tokens, %d of them with other ids than Hugging Face's; %.0f tokens/s%n",
                prompts, tokens, different, tokens / ((System.nanoTime() - start) / 1e9));
        return different;
    }

    private Outcome<ChatPrompt> encoded(PromptEncoder encoder, String text) {
        String body = OpenAiJson.write(Map.of("messages", List.of(Map.of("role", "user", "content", text))));
        return RequestLine.read(body)
                .flatMap(line -> validator.validate(line.request(), "row"))
                .flatMap(request -> encoder.encode(request.chat(), CONTEXT));
    }

    private void time(PromptEncoder encoder, String what, String text, PrintWriter out) {
        long start = System.nanoTime();
        Outcome<ChatPrompt> outcome = encoded(encoder, text);
        out.printf(
                "%-32s %9d characters %8.0f ms  %s%n",
                what,
                text.length(),
                (System.nanoTime() - start) / 1e6,
                outcome.fold(
                        prompt -> prompt.tokenIds().length + " tokens",
                        rejection -> rejection.code().wireName()));
        out.flush();
    }

    private static String letters() {
        StringBuilder word = new StringBuilder(HUGE_CHARACTERS);
        long state = 1;
        for (int i = 0; i < HUGE_CHARACTERS; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            word.append((char) ('a' + (state >>> 33) % 26));
        }
        return word.toString();
    }

    /** The tokenizer with what else a Qwen2-VL checkpoint's prompts need. */
    private Path checkpoint() throws IOException {
        Path folder = Files.createTempDirectory("sparkvlm-prompts");
        Files.copy(tokenizerFolder.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.copy(Checkout.smallCheckpoint().resolve("chat_template.json"), folder.resolve("chat_template.json"));
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"image_token_id": 151655, "video_token_id": 151656, "eos_token_id": 151645,
                 "max_position_embeddings": 32768, "vocab_size": 151936, "vision_config": {}}
                """);
        return folder;
    }
}
