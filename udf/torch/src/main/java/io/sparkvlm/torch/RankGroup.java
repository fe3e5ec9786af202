package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.nio.file.Path;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * One rank of a group that exchanges tensors by libtorch's collectives: NCCL's between GPUs, Gloo's on the CPU. All ranks call the same
 * in the same order, each from a thread of its own; one that does not call keeps the others waiting.
 */
public final class RankGroup implements AutoCloseable {
    private final FileStore store;
    private final Backend backend;
    private final int ranks;

    private RankGroup(FileStore store, Backend backend, int ranks) {
        this.store = store;
        this.backend = backend;
        this.ranks = ranks;
        store.retainReference(); // they outlive the scope of the step that joins
        backend.retainReference();
    }

    /**
     * Joins a group, and may wait for its other ranks.
     *
     * @param meetingPoint a file of the group alone, which need not be there
     */
    public static RankGroup join(DeviceSpec.Kind kind, Path meetingPoint, int rank, int ranks) {
        FileStore store = new FileStore(meetingPoint.toString(), ranks);
        Backend backend =
                switch (kind) {
                    case CPU -> gloo(store, rank, ranks);
                    case CUDA -> nccl(store, rank, ranks);
                };
        return new RankGroup(store, backend, ranks);
    }

    private static Backend nccl(FileStore store, int rank, int ranks) {
        NativeLibraries.load(NativeLibrary.NCCL);
        return new ProcessGroupNCCL(store, rank, ranks);
    }

    /** Over this machine's loopback. */
    private static Backend gloo(FileStore store, int rank, int ranks) {
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create();
        options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname("127.0.0.1")));
        return new ProcessGroupGloo(store, rank, ranks, options);
    }

    /** The sum of all ranks' parts, the same in each rank, in the place of the part. */
    public Tensor sum(Tensor part) {
        try (TensorVector parts = new TensorVector(part)) {
            await(backend.allreduce(parts));
        }
        return part;
    }

    /** All ranks' parts [rows, own columns], each of as many columns, one rank's after the other's. */
    public Tensor sideBySide(Tensor part) {
        long rows = part.size(0);
        long columns = part.size(1);
        Tensor all = part.new_empty(new long[] {ranks * rows, columns}); // [ranks x rows, columns]
        await(backend._allgather_base(all, part.contiguous()));
        return all.view(ranks, rows, columns).transpose(0, 1).reshape(rows, ranks * columns);
    }

    /** On a GPU its stream does, and not the thread. */
    private static void await(Work work) {
        try (work) {
            work._wait();
        }
    }

    @Override
    public void close() {
        backend.close();
        store.close();
    }
}
