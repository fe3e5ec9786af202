/**
 * libtorch as the rest of the code meets it: natives come in safely, tensors are freed where they were made, and what
 * the device is stays here. Native libraries go in, devices, element types and scopes come out. Start reading at {@link
 * io.sparkvlm.torch.NativeLibraries} and {@link io.sparkvlm.torch.TensorScope}.
 */
package io.sparkvlm.torch;
