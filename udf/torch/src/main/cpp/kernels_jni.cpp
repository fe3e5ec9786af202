// io.sparkvlm.torch.natives.InstructionSet. Compiled for any x86-64.
#include "java.h"
#include "kernels.h"
#include "processor.h"

using namespace sparkvlm;

JNI(int32_t, InstructionSet, most)(void*, void*) { return mostInstructions(); }

JNI(int32_t, InstructionSet, fastest)(void*, void*) { return fastestInstructions(); }

JNI(void, InstructionSet, choose)(void*, void*, int32_t set) { use((InstructionSet)set); }

JNI(uint8_t, InstructionSet, hasAmxBf16)(void*, void*) { return hasAmxBf16(); }
