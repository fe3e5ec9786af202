/**
 * What a published checkpoint folder holds. A folder with config.json and safetensors files goes in; the model's checked
 * dimensions and, tensor by tensor, its weights come out, and a folder that is not what it should be fails by naming the
 * file and the tensor. Start reading at {@link io.sparkvlm.engine.weights.Checkpoint} and {@link
 * io.sparkvlm.engine.weights.ModelConfig}.
 */
package io.sparkvlm.engine.weights;
