/**
 * Products of rows and a weight matrix in the way that is fastest on a device. A matrix goes in, and an operator that keeps it in
 * the order in which it reads it comes out; those of 8 and 4 bits are in {@link io.sparkvlm.torch.quantization}. Start reading at
 * {@link io.sparkvlm.torch.linear.LinearOperator}.
 */
package io.sparkvlm.torch.linear;
