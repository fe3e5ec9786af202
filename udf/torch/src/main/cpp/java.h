// How Java calls the kernels: static native methods of a class of io.sparkvlm.torch.natives, whose first two arguments, which
// every one gets, none uses.
#pragma once
#include <cstdint>

#define JNI(type, kernels, name) extern "C" __attribute__((visibility("default"))) type Java_io_sparkvlm_torch_natives_##kernels##_##name

namespace sparkvlm {

template <typename T>
T* at(int64_t address) {
    return reinterpret_cast<T*>(address);
}

}  // namespace sparkvlm
