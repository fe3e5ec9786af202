// io.sparkvlm.torch.natives.LinearKernels. Compiled for any x86-64.
#include "java.h"
#include "kernels.h"

using namespace sparkvlm;

JNI(void, LinearKernels, packCodes)
(void*, void*, int64_t codes, int64_t outputs, int64_t inputs, int64_t padded, int64_t layout, int64_t packed, int32_t threads) {
    packCodes(at<const int8_t>(codes), outputs, inputs, padded, (Layout)layout, at<uint8_t>(packed), threads);
}

JNI(void, LinearKernels, packNumbers)
(void*, void*, int64_t weights, int64_t outputs, int64_t inputs, int64_t packed, int32_t threads) {
    packNumbers(at<const bf16>(weights), outputs, inputs, at<bf16>(packed), threads);
}

JNI(uint8_t, LinearKernels, multiplyToFloats)
(void*, void*, int64_t packed, int64_t bias, int64_t outputs, int64_t inputs, int64_t threads, int64_t input, int64_t output, int64_t rows) {
    const Matrix matrix{NUMBERS_16, at<const uint8_t>(packed), nullptr, nullptr, nullptr, at<const float>(bias), outputs, inputs, inputs, threads};
    return kernels().multiplyNumbersToFloats(matrix, at<const bf16>(input), at<float>(output), rows);
}

JNI(uint8_t, LinearKernels, multiply)
(void*, void*, int64_t layout, int64_t packed, int64_t scales, int64_t zeros, int64_t sums, int64_t bias, int64_t outputs, int64_t inputs,
 int64_t group, int64_t threads, int64_t input, int64_t output, int64_t rows) {
    const Matrix matrix{(Layout)layout,          at<const uint8_t>(packed), at<const float>(scales), at<const int16_t>(zeros),
                        at<const int32_t>(sums), at<const float>(bias),     outputs,                 inputs,
                        group,                   threads};
    return kernels().multiply(matrix, at<const bf16>(input), at<bf16>(output), rows);
}
