package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On the CPU, where a group is Gloo's; NCCL's has the same interface. */
@Timeout(120)
final class RankGroupTest {
    private static final int RANKS = 3;

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadLibtorch() {
        NativeLibraries.load(NativeLibrary.PYTORCH);
    }

    @Test
    void everyRankHasTheSumAndAllPartsSideBySide() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RANKS);
        List<Future<List<float[]>>> results = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
            int own = rank;
            results.add(threads.submit(() -> exchanged(own)));
        }
        for (Future<List<float[]>> result : results) {
            assertThat(result.get().get(0)).containsExactly(6, 60);
            assertThat(result.get().get(1)).containsExactly(0, 1, 2, 10, 11, 12);
        }
        threads.shutdown();
    }

    private List<float[]> exchanged(int rank) {
        try (RankGroup group = joinedInAScope(rank);
                TensorScope scope = new TensorScope()) {
            Tensor sum = group.sum(Tensor.create(new float[] {rank + 1, 10 * (rank + 1)}, 1, 2));
            Tensor columns = group.sideBySide(Tensor.create(new float[] {rank, rank + 10}, 2, 1));
            return List.of(HostTensors.toFloats(sum), HostTensors.toFloats(columns));
        }
    }

    /** As the first step of a model does, which ends before the second. */
    private RankGroup joinedInAScope(int rank) {
        try (TensorScope scope = new TensorScope()) {
            return RankGroup.join(DeviceSpec.Kind.CPU, folder.resolve("group"), rank, RANKS);
        }
    }
}
