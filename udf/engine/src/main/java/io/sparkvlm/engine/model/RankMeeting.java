package io.sparkvlm.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Where the threads of ranks meet and show each other their parts. Thread-safe.
 *
 * <p>On GPUs nothing waits for a kernel: libtorch's copy between devices is ordered after what their streams were given
 * before, and all ranks use the default ones.
 */
final class RankMeeting {
    private final Tensor[] parts;
    private int arrived;
    private long meetings;
    private boolean failed;

    RankMeeting(int ranks) {
        this.parts = new Tensor[ranks];
    }

    /** A rank ended before it came to the meeting of another, whose own failure says why. */
    static final class MissingRankException extends RuntimeException {
        MissingRankException() {
            super("another rank of the model failed");
        }
    }

    Collectives ofRank(int rank) {
        return new Collectives() {
            @Override
            public Tensor sum(Tensor part) {
                List<Tensor> all = exchange(rank, part);
                Tensor sum = all.get(0).add(all.get(1));
                all.subList(2, all.size()).forEach(sum::add_);
                meet(); // no part may go before all have read it
                return sum;
            }

            @Override
            public Tensor sideBySide(Tensor part) {
                Tensor whole = torch.cat(new TensorVector(exchange(rank, part).toArray(new Tensor[0])), 1);
                meet();
                return whole;
            }
        };
    }

    /** Lets ranks meet again after a step that failed, when all of its threads have ended it. */
    synchronized void begin() {
        failed = false;
        arrived = 0;
        Arrays.fill(parts, null);
    }

    /** Ends the waiting of all others: a rank will not come. */
    synchronized void fail() {
        failed = true;
        notifyAll();
    }

    /** The parts of all ranks in their order, on this rank's device. */
    private List<Tensor> exchange(int rank, Tensor part) {
        synchronized (this) {
            parts[rank] = part;
        }
        meet();
        List<Tensor> all = new ArrayList<>();
        for (int other = 0; other < parts.length; other++) {
            all.add(other == rank ? part : parts[other].to(part.device(), part.scalar_type()));
        }
        return all;
    }

    /** Waits until all ranks are here. */
    synchronized void meet() {
        long meeting = meetings;
        arrived++;
        if (arrived == parts.length) {
            arrived = 0;
            meetings++;
            notifyAll();
        }
        while (meetings == meeting && !failed) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("a rank's thread was interrupted", e);
            }
        }
        if (meetings == meeting) {
            throw new MissingRankException();
        }
    }
}
