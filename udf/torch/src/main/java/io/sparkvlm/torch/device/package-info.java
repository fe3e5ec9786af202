/**
 * Where a model is computed: a device's name goes in, with the address of the GPU that a cluster manager assigned, if it
 * did. The CPU comes out, or the GPUs that this process has claimed, and how much memory is free there. Start reading
 * at {@link io.sparkvlm.torch.device.DeviceSpec}.
 */
package io.sparkvlm.torch.device;
