package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists the known fields of a body: those in force, those that are refused because they would change the answer, and those
 * that mean nothing here. The validator can read no others.
 */
final class FieldPolicy {
    /** In force too, and what a job can give all of its requests. A job's seed is another: each row's is made from it. */
    private static final List<String> SAMPLING = List.of(
            "max_completion_tokens",
            "max_tokens",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "stop",
            "logprobs",
            "top_logprobs",
            "top_k",
            "min_p",
            "repetition_penalty",
            "min_tokens",
            "ignore_eos",
            "stop_token_ids",
            "skip_special_tokens");

    private static final List<String> HONOURED = Stream.concat(
                    Stream.of(
                            "messages",
                            "model",
                            "seed",
                            "response_format",
                            "structured_outputs",
                            "guided_json",
                            "guided_regex",
                            "guided_choice",
                            "mm_processor_kwargs"),
                    SAMPLING.stream())
            .toList();

    /** One of their values is what happens anyway; the others are refused, or have no effect. */
    private static final List<String> SINGLE_VALUED = List.of("n", "stream", "stream_options");

    /** Not honoured, and not to be ignored either: OpenAI's first, then vLLM's. */
    private static final List<RefusedField> REFUSED = List.of(
            RefusedField.but("tools", "[]"),
            RefusedField.but("tool_choice", "\"none\"", "\"auto\""), // without tools
            RefusedField.but("functions", "[]"),
            RefusedField.but("function_call", "\"none\"", "\"auto\""),
            RefusedField.but("logit_bias", "{}"),
            RefusedField.but("modalities", "[\"text\"]"),
            RefusedField.but("audio"),
            RefusedField.but("prediction"),
            RefusedField.but("web_search_options"), // {} asks for a search
            RefusedField.but("chat_template"),
            RefusedField.but("chat_template_kwargs", "{}"),
            RefusedField.but("media_io_kwargs", "{}"),
            RefusedField.but("add_generation_prompt", "true"),
            RefusedField.but("continue_final_message", "false"),
            RefusedField.but("add_special_tokens", "false"),
            RefusedField.but("documents", "[]"),
            RefusedField.but("echo", "false"),
            RefusedField.but("best_of", "1"),
            RefusedField.but("use_beam_search", "false"),
            RefusedField.but("length_penalty", "1", "1.0"),
            RefusedField.but("bad_words", "[]"),
            RefusedField.but("allowed_token_ids"), // [] allows none
            RefusedField.but("include_stop_str_in_output", "false"),
            RefusedField.but("spaces_between_special_tokens", "true"),
            RefusedField.but("prompt_logprobs"), // 0 asks for those of the prompt's tokens
            RefusedField.but("logprob_token_ids", "[]"),
            RefusedField.but("truncate_prompt_tokens"), // -1 cuts what is too long
            RefusedField.but("repetition_detection"),
            RefusedField.but("watermarking"),
            RefusedField.but("logits_processors", "[]"),
            RefusedField.but("structural_tag"),
            RefusedField.but("guided_grammar"),
            RefusedField.but("vllm_xargs", "{}"));

    private static final List<String> MEANINGLESS = List.of(
            "user",
            "store",
            "metadata",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "parallel_tool_calls",
            "reasoning_effort",
            "verbosity",
            "request_id",
            "priority",
            "cache_salt",
            "guided_decoding_backend",
            "guided_whitespace_pattern",
            "include_reasoning",
            "thinking_token_budget",
            "truncation_side",
            "return_tokens_as_token_ids",
            "return_token_ids",
            "return_token_offsets",
            "return_prompt_text",
            "return_mm_kwargs",
            "mm_payload",
            "routed_experts_prompt_start",
            "session_id",
            "stream_interval",
            "kv_transfer_params",
            "ec_transfer_params");

    private static final Set<String> KNOWN = Stream.of(HONOURED, SINGLE_VALUED, refused(), MEANINGLESS)
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    private FieldPolicy() {}

    static List<String> honoured() {
        return HONOURED;
    }

    static List<String> sampling() {
        return SAMPLING;
    }

    static List<String> singleValued() {
        return SINGLE_VALUED;
    }

    static List<String> refused() {
        return REFUSED.stream().map(RefusedField::name).toList();
    }

    /** The refused fields some of whose values ask for nothing, and are taken: these values. */
    static Map<String, List<JsonNode>> asksForNothing() {
        return REFUSED.stream()
                .filter(field -> !field.asksForNothing().isEmpty())
                .collect(Collectors.toUnmodifiableMap(RefusedField::name, RefusedField::asksForNothing));
    }

    static List<String> meaningless() {
        return MEANINGLESS;
    }

    /** Opens a body for reading its known fields. */
    static Fields open(WireValue body, RequestWarnings warnings) throws InvalidRequestException {
        return Fields.of(body, warnings, KNOWN::contains);
    }

    static void apply(Fields body) throws InvalidRequestException {
        for (RefusedField field : REFUSED) {
            body.refuse(field, "is not supported with this model");
        }
        body.ignore(MEANINGLESS, "is accepted and has no effect here");
    }
}
