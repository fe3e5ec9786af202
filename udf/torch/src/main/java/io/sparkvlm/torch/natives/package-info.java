/**
 * How native libraries come into a process: the name of a library goes in, and it is loaded when the call returns, or the
 * message says what the machine lacks. Knows nothing of tensors. Start reading at {@link
 * io.sparkvlm.torch.natives.NativeLibraries}.
 */
package io.sparkvlm.torch.natives;
