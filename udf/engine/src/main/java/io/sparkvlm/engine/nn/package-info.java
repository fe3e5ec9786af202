/**
 * The layers that the vision tower and the language model are built from. Activations [rows, width] and weights go in,
 * activations come out, equal to what Hugging Face transformers computes. Start reading at {@link
 * io.sparkvlm.engine.nn.Linear} and {@link io.sparkvlm.engine.nn.RotaryAngles}.
 */
package io.sparkvlm.engine.nn;
