package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.List;
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
    private static final List<String> REFUSED = List.of(
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "logit_bias",
            "modalities",
            "audio",
            "prediction",
            "web_search_options",
            "chat_template",
            "chat_template_kwargs",
            "media_io_kwargs",
            "add_generation_prompt",
            "continue_final_message",
            "add_special_tokens",
            "documents",
            "echo",
            "best_of",
            "use_beam_search",
            "length_penalty",
            "bad_words",
            "allowed_token_ids",
            "include_stop_str_in_output",
            "spaces_between_special_tokens",
            "prompt_logprobs",
            "logprob_token_ids",
            "truncate_prompt_tokens",
            "repetition_detection",
            "watermarking",
            "logits_processors",
            "structural_tag",
            "guided_grammar",
            "vllm_xargs");

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

    private static final Set<String> KNOWN = Stream.of(HONOURED, SINGLE_VALUED, REFUSED, MEANINGLESS)
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
        return REFUSED;
    }

    static List<String> meaningless() {
        return MEANINGLESS;
    }

    /** Opens a body for reading its known fields. */
    static Fields open(WireValue body, RequestWarnings warnings) throws InvalidRequestException {
        return Fields.of(body, warnings, KNOWN::contains);
    }

    static void apply(Fields body) throws InvalidRequestException {
        body.refuse(REFUSED, "is not supported with this model");
        body.ignore(MEANINGLESS, "is accepted and has no effect here");
    }
}
