package io.sparkvlm.torch.natives;

import java.util.List;
import java.util.Set;

/** The native libraries that can be loaded, and what each brings with it. */
public enum NativeLibrary {
    /** libtorch in whichever build is there: the CPU build where it is packed, else the CUDA build. */
    PYTORCH,
    /** libtorch's CUDA build; it computes on the CPU as well. */
    PYTORCH_CUDA,
    /** How libtorch's CUDA build, which is loaded then, reaches NCCL. */
    NCCL,
    /** NVIDIA's compiler at run time; the CUDA build's libraries are loaded then. */
    NVRTC,
    /** NVIDIA's products of matrices; the CUDA build's libraries are loaded then. */
    CUBLAS,
    OPENCV,
    FFMPEG;

    /** What is loaded with it: the CUDA build is libtorch. */
    Set<NativeLibrary> brings() {
        return this == PYTORCH_CUDA ? Set.of(PYTORCH, PYTORCH_CUDA) : Set.of(this);
    }

    /** The JavaCPP classes whose loading loads the library; names, so that not every user needs every library. */
    List<String> presetClasses() {
        return switch (this) {
            case PYTORCH -> List.of("org.bytedeco.pytorch.global.torch");
            case PYTORCH_CUDA -> List.of("org.bytedeco.pytorch.global.torch", "org.bytedeco.pytorch.global.torch_cuda");
            case NCCL -> List.of("org.bytedeco.pytorch.global.torch_nccl");
            case NVRTC -> List.of("org.bytedeco.cuda.global.nvrtc");
            case CUBLAS -> List.of("org.bytedeco.cuda.global.cublas");
            case OPENCV -> List.of("org.bytedeco.opencv.global.opencv_imgcodecs");
            case FFMPEG -> List.of("org.bytedeco.ffmpeg.global.avformat", "org.bytedeco.ffmpeg.global.swscale");
        };
    }

    /** Names of the JavaCPP presets whose files are unpacked, in the order of their loading. */
    List<String> presets() {
        return switch (this) {
            case PYTORCH -> List.of("openblas", "pytorch");
            case NVRTC, CUBLAS -> List.of("cuda");
            case PYTORCH_CUDA, NCCL -> List.of("openblas", "cuda", "pytorch");
            case OPENCV -> List.of("openblas", "opencv");
            case FFMPEG -> List.of("ffmpeg");
        };
    }
}
