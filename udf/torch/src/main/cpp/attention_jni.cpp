// io.sparkvlm.torch.natives.AttentionKernels. Compiled for any x86-64.
#include "java.h"
#include "kernels.h"

using namespace sparkvlm;

namespace {

template <typename T>
Heads<T> heads(int64_t address, int64_t rowStride, int64_t headStride) {
    return {at<T>(address), rowStride, headStride};
}

}  // namespace

JNI(uint8_t, AttentionKernels, attend)
(void*, void*, int64_t queries, int64_t queryRow, int64_t queryHead, int64_t keys, int64_t keyRow, int64_t keyHead, int64_t values,
 int64_t valueRow, int64_t valueHead, int64_t attended, int64_t attendedRow, int64_t attendedHead, int32_t keyValueHeads, int32_t group,
 int32_t headSize, int64_t sequences, int32_t sequenceCount, int64_t blocks, int32_t blockSizeTokens, uint8_t causal, int32_t threads) {
    return kernels().attend({
        heads<const bf16>(queries, queryRow, queryHead),
        heads<const bf16>(keys, keyRow, keyHead),
        heads<const bf16>(values, valueRow, valueHead),
        heads<bf16>(attended, attendedRow, attendedHead),
        keyValueHeads,
        group,
        headSize,
        at<const Sequence>(sequences),
        sequenceCount,
        at<const int32_t>(blocks),
        blockSizeTokens,
        causal != 0,
        threads,
    });
}
