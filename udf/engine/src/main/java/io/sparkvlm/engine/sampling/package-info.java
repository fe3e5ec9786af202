/**
 * Chooses the next token of each sequence: logits go in, token ids with their log-probabilities come out. Whatever runs
 * beside it, a sequence's choice depends on its own logits, parameters, seed and token index alone. Start reading at
 * {@link io.sparkvlm.engine.sampling.Sampler}.
 */
package io.sparkvlm.engine.sampling;
