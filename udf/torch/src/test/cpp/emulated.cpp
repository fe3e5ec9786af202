// Kernels for GPUs as EmulatedGpu calls them. PROGRAM is the file that is compiled.
#include "cuda_on_cpu.h"
#include PROGRAM

#define KERNEL(name, Argument)                                                                    \
    if (std::strcmp(kernel, #name) == 0) {                                                        \
        return cuda_on_cpu::launch([](const void* of) { name(*(const Argument*)of); }, grid, block, of); \
    }

extern "C" bool launch(const char* kernel, Place grid, unsigned block, const void* of) {
#ifdef HEAD_SIZE
    KERNEL(attendToPart, Decode)
    KERNEL(joinParts, Decode)
#else
    KERNEL(begin, Begin)
    KERNEL(normalize, Normalize)
    KERNEL(turnAndStore, TurnAndStore)
    KERNEL(gate, Gate)
    KERNEL(quickGelu, QuickGelu)
#endif
    return false;
}
