// Compiled for any x86-64: it asks which instructions there are.
#include "kernels.h"

#include <unistd.h>

#include "processor.h"

namespace sparkvlm {

namespace {

#define ROWS(isa) isa::normalize, isa::turn, isa::gate, isa::quickGelu, isa::largest, isa::add
#define LINEARS(isa) isa::multiplyNumbers, isa::multiplyNumbers, isa::multiplyCodes

Kernels kernelsOf(InstructionSet set) {
    switch (set) {
        case NONE:
        case AVX2: return {ROWS(avx2), avx2::attend, LINEARS(avx2), avx2::multiplyRounded};
        case AVX512: return {ROWS(avx512), avx512::attend, LINEARS(avx512), avx512::multiplyRounded};
        case AVX512_VNNI: return {ROWS(avx512), avx512::attend, LINEARS(avx512), avx512_vnni::multiplyRounded};
        case AVX512_BF16: break;
    }
    Kernels all{ROWS(avx512), avx512_bf16::attend, LINEARS(avx512_bf16), avx512_vnni::multiplyRounded};
    if (!hasAvx512Vbmi()) all.multiplyCodes = avx512::multiplyCodes;
    return all;
}

Kernels inUse = kernelsOf(fastestInstructions());

}  // namespace

const int64_t bytesOfL1 = sysconf(_SC_LEVEL1_DCACHE_SIZE);

InstructionSet mostInstructions() {
    if (!hasAvx2()) return NONE;
    if (!hasAvx512()) return AVX2;
    if (!hasAvx512Vnni()) return AVX512;
    return hasAvx512Bf16() ? AVX512_BF16 : AVX512_VNNI;
}

// A core of Emerald Rapids computes 5.5 billion multiply-adds of float32 vectors a second and 1.3 billion products of bfloat16 pairs, which
// are twice as many numbers: half as fast. AMD's computes as many of both.
InstructionSet fastestInstructions() {
    const InstructionSet most = mostInstructions();
    return most == AVX512_BF16 && __builtin_cpu_is("intel") ? AVX512_VNNI : most;
}

void use(InstructionSet set) { inUse = kernelsOf(set); }

const Kernels& kernels() { return inUse; }

}  // namespace sparkvlm
