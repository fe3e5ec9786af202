package io.sparkvlm.preprocessing.request.validation;

import java.util.List;

/**
 * Lists the known fields of a body that are refused because they would change the answer, and those that mean nothing
 * here.
 */
final class FieldPolicy {
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
            "mm_processor_kwargs",
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
            "truncate_prompt_tokens",
            "logits_processors",
            "structured_outputs",
            "structural_tag",
            "guided_json",
            "guided_regex",
            "guided_choice",
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
            "return_tokens_as_token_ids",
            "return_token_ids",
            "kv_transfer_params");

    private FieldPolicy() {}

    static List<String> refused() {
        return REFUSED;
    }

    static void apply(Fields body) throws InvalidRequestException {
        body.refuse(REFUSED, "is not supported with this model");
        body.ignore(MEANINGLESS, "is accepted and has no effect here");
    }
}
