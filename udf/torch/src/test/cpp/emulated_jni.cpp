// io.sparkvlm.torch.gpu.EmulatedGpu
#include <dlfcn.h>
#include <jni.h>

#include "cuda_on_cpu.h"

extern "C" JNIEXPORT jlong JNICALL Java_io_sparkvlm_torch_gpu_EmulatedGpu_open(JNIEnv* java, jclass, jstring library) {
    const char* path = java->GetStringUTFChars(library, nullptr);
    void* opened = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    java->ReleaseStringUTFChars(library, path);
    return opened == nullptr ? 0 : (jlong)dlsym(opened, "launch");
}

extern "C" JNIEXPORT jboolean JNICALL Java_io_sparkvlm_torch_gpu_EmulatedGpu_launch(
    JNIEnv* java, jclass, jlong function, jstring kernel, jint x, jint y, jint z, jint block, jlongArray arguments) {
    const char* name = java->GetStringUTFChars(kernel, nullptr);
    jlong* of = java->GetLongArrayElements(arguments, nullptr);
    const bool ran = ((bool (*)(const char*, Place, unsigned, const void*))function)(
        name, {(unsigned)x, (unsigned)y, (unsigned)z}, (unsigned)block, of);
    java->ReleaseLongArrayElements(arguments, of, JNI_ABORT);
    java->ReleaseStringUTFChars(kernel, name);
    return ran;
}
