/**
 * libtorch as the rest of the code meets it: tensors are freed where they were made, and what the device is stays here.
 * A device's name goes in; devices, element types and scopes come out, with {@link io.sparkvlm.torch.natives} loaded
 * underneath. Start reading at {@link io.sparkvlm.torch.TensorScope} and {@link io.sparkvlm.torch.DeviceSpec}.
 */
package io.sparkvlm.torch;
