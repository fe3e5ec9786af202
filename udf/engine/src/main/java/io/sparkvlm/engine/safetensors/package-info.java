/**
 * The file format of published weights (huggingface/safetensors). Files go in, one or shards that an index names, and tensors come
 * out, as far as can be where they lie; or tensors go in and files come out. Knows nothing of a model. Start reading at {@link
 * io.sparkvlm.engine.safetensors.WeightFiles} and {@link io.sparkvlm.engine.safetensors.SafetensorsFile}.
 */
package io.sparkvlm.engine.safetensors;
