/**
 * libtorch as the rest of the code meets it: tensors are freed where they were made. A {@link
 * io.sparkvlm.torch.device.DeviceSpec} goes in; tensors, element types and scopes come out, with {@link
 * io.sparkvlm.torch.natives} loaded underneath. How an operator is computed on a device is chosen in {@link
 * io.sparkvlm.torch.attention}, {@link io.sparkvlm.torch.linear} and {@link io.sparkvlm.torch.rows}. Start reading at {@link
 * io.sparkvlm.torch.TensorScope} and {@link io.sparkvlm.torch.TensorFactory}.
 */
package io.sparkvlm.torch;
