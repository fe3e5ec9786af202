// io.sparkvlm.torch.natives.DecoderKernels. Compiled for any x86-64.
#include "decoder.h"
#include "java.h"

using namespace sparkvlm;

JNI(uint8_t, DecoderKernels, forward)
(void*, void*, int64_t decoder, int64_t caches, int64_t cacheHeadStride, int64_t hidden, int64_t rows, int64_t cosines, int64_t sines,
 int64_t slots, int64_t sequences, int32_t sequenceCount, int64_t blocks, int32_t blockSizeTokens, int64_t wanted,
 int64_t wantedCount) {
    const Cache cache{at<const KeysAndValues>(caches), cacheHeadStride};
    const Step step{rows,
                    at<const float>(cosines),
                    at<const float>(sines),
                    at<const int64_t>(slots),
                    at<const Sequence>(sequences),
                    sequenceCount,
                    at<const int32_t>(blocks),
                    blockSizeTokens,
                    at<const int64_t>(wanted),
                    wantedCount};
    return forward(*at<const Decoder>(decoder), cache, step, at<bf16>(hidden));
}
