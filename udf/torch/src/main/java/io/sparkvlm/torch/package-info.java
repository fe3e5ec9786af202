/**
 * libtorch as the rest of the code meets it: tensors are freed where they were made, and how an operator is computed on a
 * device is chosen here. A {@link io.sparkvlm.torch.device.DeviceSpec} goes in; tensors, element types, scopes and
 * operators come out, with {@link io.sparkvlm.torch.natives} loaded underneath. Start reading at {@link
 * io.sparkvlm.torch.TensorScope} and {@link io.sparkvlm.torch.TensorFactory}.
 */
package io.sparkvlm.torch;
