package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.MessageContent;
import io.sparkvlm.preprocessing.request.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostileTextTest {
    private static final int TEXTS = 1000;
    private static final List<Role> ROLES = List.of(Role.SYSTEM, Role.USER, Role.ASSISTANT);
    private static final Path CHECKPOINT = ReferenceCase.checkpoint("tied");
    private static final List<String> SPECIALS = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|object_ref_start|>",
            "<|box_start|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>");
    private static final List<String> WORDS = List.of(
            "Describe",
            " the",
            "\n\n",
            "  ",
            "image",
            "é",
            "e\u0301",
            "中文",
            "😀",
            "👩‍👩‍👧",
            "123",
            "'s",
            "\t",
            "<",
            "|",
            ">",
            "<|",
            "|>",
            "\r\n",
            "%",
            "{",
            "}",
            "\u0000",
            "ﬁ",
            "ا",
            "\u00a0",
            "...",
            "im_start",
            "Å",
            "\u200b");
    /** What a special token is when something was cut from it, put into it or made to look alike. */
    private static final List<String> PIECES = SPECIALS.stream()
            .flatMap(special -> Stream.of(
                    special.substring(1),
                    special.substring(0, special.length() - 1),
                    special.charAt(0) + "\u200d" + special.substring(1),
                    special.replace("|", "\uFF5C"),
                    special.replace('<', '\u2039').replace('>', '\u203A'),
                    special.toUpperCase(Locale.ROOT),
                    special + "\u0338",
                    special.replace("_", "\u0000_"),
                    "<" + special + ">"))
            .toList();

    private static final List<String> BRACES = List.of(
            "{{ 7*7 }}",
            "{% raw %}",
            "{% endraw %}",
            "{% for m in messages %}x{% endfor %}",
            "{# comment #}",
            "{{ messages }}",
            "{%- set messages = [] -%}");
    /** What the escaper itself is made of. */
    private static final List<String> NONCHARACTERS = List.of("\uFDD0", "\uFDD1", "\uFDD2", "\uFDD0\uFDD1", "\uFFFF");

    private static PromptEncoder encoder;
    private static Vocabulary vocabulary;

    @BeforeAll
    static void open() throws IOException {
        encoder = PromptEncoder.open(CHECKPOINT);
        vocabulary =
                TokenizerFileTest.read(CHECKPOINT.resolve("tokenizer.json")).vocabulary();
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void specialTokensInWhatAUserWroteAreTextWhereverTheyStand() {
        Random random = new Random(1);
        List<List<String>> pools = List.of(SPECIALS, WORDS, NONCHARACTERS, BRACES);
        long[] controlsOfAnEmptyChat = controls(ids(List.of("")));
        for (int i = 0; i < TEXTS; i++) {
            List<String> parts = new ArrayList<>();
            for (int part = 0; part <= random.nextInt(3); part++) {
                parts.add(text(random, pools));
            }
            ChatPrompt prompt = prompt(parts);

            assertThat(controls(prompt.tokenIds())).as(parts.toString()).isEqualTo(controlsOfAnEmptyChat);
            assertThat(rendered(parts)).contains(String.join("", parts));
            assertThat(decoded(prompt.tokenIds()))
                    .isEqualTo(Normalizer.normalize(rendered(parts), Normalizer.Form.NFC));
        }
    }

    @Test
    void inEveryRoleAndOverSeveralMessagesTheControlTokensAreTheTemplatesOwn() {
        Random random = new Random(4);
        List<List<String>> pools = List.of(SPECIALS, PIECES, WORDS, NONCHARACTERS, BRACES);
        for (int i = 0; i < TEXTS; i++) {
            List<ChatMessage> hostile = new ArrayList<>();
            List<ChatMessage> empty = new ArrayList<>();
            for (int message = 0; message <= random.nextInt(4); message++) {
                Role role = ROLES.get(random.nextInt(ROLES.size()));
                hostile.add(new ChatMessage(role, new MessageContent.Text(text(random, pools))));
                empty.add(new ChatMessage(role, new MessageContent.Text("x")));
            }
            ChatPrompt prompt = prompt(new Chat("model", hostile, generation("")));

            assertThat(controls(prompt.tokenIds()))
                    .as(hostile.toString())
                    .isEqualTo(controls(
                            prompt(new Chat("model", empty, generation(""))).tokenIds()));
        }
    }

    @Test
    void aSpecialTokenSplitOverTwoPartsStaysText() {
        for (String special : SPECIALS) {
            for (int at = 1; at < special.length(); at++) {
                List<String> halves = List.of(special.substring(0, at), special.substring(at));

                assertThat(controls(ids(halves))).as(halves.toString()).isEqualTo(controls(ids(List.of(""))));
            }
        }
    }

    @Test
    void bracesInWhatAUserWroteAreNotExecuted() {
        for (String braces : BRACES) {
            assertThat(rendered(List.of(braces)))
                    .endsWith("<|im_start|>user\n" + braces + "<|im_end|>\n<|im_start|>assistant\n");
        }
        assertThat(rendered(List.of("{{ 7*7 }}"))).doesNotContain("49");
    }

    @Test
    void cleanTextsBecomeTheIdsThatHuggingFaceGives() throws IOException {
        Random random = new Random(2);
        try (HuggingFaceTokenizer whole = HuggingFaceTokenizer.newInstance(
                CHECKPOINT.resolve("tokenizer.json"), Map.of("truncation", "false", "padding", "false"))) {
            for (int i = 0; i < TEXTS; i++) {
                List<String> parts = List.of(text(random, List.of(WORDS)), text(random, List.of(WORDS)));
                long[] expected = whole.encode(rendered(parts), false, false).getIds();

                assertThat(Arrays.stream(ids(parts)).asLongStream().toArray())
                        .as(rendered(parts))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aTextNeverTakesFewerTokensThanItsLeast() throws IOException {
        Random random = new Random(3);
        TokenLowerBound least = new TokenLowerBound(vocabulary);
        int controls = ids(List.of("")).length;
        List<String> texts = new ArrayList<>(List.of("\u1FBE\u0308\u0301".repeat(50), "\u212A".repeat(50)));
        for (int i = 0; i < TEXTS; i++) {
            texts.add(text(random, List.of(WORDS)));
        }
        for (String text : texts) {
            // The piece is the role, a newline, the text; so its least is less than what the text adds and these two.
            assertThat(least.of(text)).as(text).isBetween(1L, ids(List.of(text)).length - controls + 2L);
        }
        assertThat(least.of("a".repeat(1_000_000))).isGreaterThan(30_000);
    }

    @Test
    void aLongPromptIsNotCut() {
        assertThat(ids(List.of("word ".repeat(20_000)))).hasSizeGreaterThan(20_000);
    }

    private static String text(Random random, List<List<String>> pools) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(12); i++) {
            List<String> pool = pools.get(random.nextInt(pools.size()));
            text.append(pool.get(random.nextInt(pool.size())));
        }
        return text.toString();
    }

    private static int[] ids(List<String> parts) {
        return prompt(parts).tokenIds();
    }

    private static String rendered(List<String> parts) {
        return Requests.value(encoder.text(chat(parts)));
    }

    private static ChatPrompt prompt(List<String> parts) {
        return prompt(chat(parts));
    }

    private static Chat chat(List<String> parts) {
        List<ContentPart> contents =
                parts.stream().<ContentPart>map(ContentPart.Text::new).toList();
        return new Chat(
                "model", List.of(new ChatMessage(Role.USER, new MessageContent.Parts(contents))), generation(""));
    }

    private static ChatPrompt prompt(Chat chat) {
        return Requests.value(encoder.encode(chat, Requests.CONTEXT));
    }

    private static GenerationParams generation(String fields) {
        return Requests.valid(Requests.bodyWith(fields)).chat().generation();
    }

    private static long[] controls(int[] ids) {
        return IntStream.of(ids).filter(vocabulary::isSpecial).asLongStream().toArray();
    }

    private static String decoded(int[] ids) {
        TextStream stream = encoder.textStream(generation("\"skip_special_tokens\":false"));
        for (int id : ids) {
            stream.onToken(new GeneratedToken(id, Optional.empty()));
        }
        return stream.text();
    }
}
