package io.sparkvlm.torch.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CudaLibrariesTest {
    @Test
    void whatOthersNeedIsOpenedBeforeThem() {
        List<String> opened = new ArrayList<>();
        CudaLibraries.open(opened::add);
        assertThat(opened).doesNotHaveDuplicates().contains("libcuda.so.1", "libcudnn.so.9");
        assertThat(opened.indexOf("libnvJitLink.so.13")).isLessThan(opened.indexOf("libcusparse.so.12"));
        assertThat(opened.indexOf("libcusparse.so.12")).isLessThan(opened.indexOf("libcusolver.so.12"));
        assertThat(opened.indexOf("libcublasLt.so.13")).isLessThan(opened.indexOf("libcublas.so.13"));
    }

    @Test
    void whatIsMissingIsNamedWithWhatBringsIt() {
        Set<String> missing = Set.of("libcuda.so.1", "libcublas.so.13", "libcublasLt.so.13");
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> CudaLibraries.open(library -> {
                    if (missing.contains(library)) {
                        throw notFound(library);
                    }
                }))
                .withMessageContaining("libcuda.so.1 (NVIDIA's driver 580 or later),"
                        + " libcublasLt.so.13 and libcublas.so.13 (nvidia-cublas);")
                .withMessageNotContaining("cudnn")
                .withMessageNotContaining("\n");
    }

    @Test
    void aLibraryThatAnotherNeedsIsTheOneThatIsNamed() {
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> CudaLibraries.open(library -> {
                    if (library.startsWith("libcudnn_")) {
                        throw notFound("libz.so.1");
                    }
                }))
                .withMessageContaining("libz.so.1 (a system package);");
    }

    private static UnsatisfiedLinkError notFound(String library) {
        return new UnsatisfiedLinkError(
                library + ": cannot open shared object file: No such file or directory"); // glibc, dlerror(3)
    }
}
