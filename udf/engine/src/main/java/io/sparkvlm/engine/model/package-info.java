/**
 * Qwen2-VL on tensors: the vision tower, the language model and its paged cache of keys and values. Patches, token ids,
 * rotary positions and block tables go in; vision embeddings and logits come out, as Hugging Face transformers computes
 * them. Start reading at {@link io.sparkvlm.engine.model.Qwen2Vl}.
 */
package io.sparkvlm.engine.model;
