package io.sparkvlm.engine.model;

import io.sparkvlm.torch.RankGroup;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Has ranks exchange their parts by libtorch's own collectives, in place of copies between devices: NCCL on GPUs. They are made at
 * their first use, on the ranks' threads, as a group waits for all of its ranks.
 *
 * <p>Ranks meet before each: a rank that failed ends the others there, and nothing would end them in native code.
 */
final class RankGroups implements AutoCloseable {
    /** A system property: {@value #LIBTORCH}, or copies where it is not set. */
    static final String CHOICE = "sparkvlm.collectives";

    static final String LIBTORCH = "libtorch";

    private final RankMeeting meeting;
    private final DeviceSpec.Kind kind;
    private final Path meetingPoint =
            Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-ranks-" + UUID.randomUUID());
    private final List<OfRank> ofRanks;

    RankGroups(RankMeeting meeting, DeviceSpec.Kind kind, int ranks) {
        this.meeting = meeting;
        this.kind = kind;
        this.ofRanks = IntStream.range(0, ranks).mapToObj(OfRank::new).toList();
    }

    /** Whether they are asked for; columns that ranks put side by side must be as many in each. */
    static boolean areWanted(int ranks, int vocabSize) {
        return ranks > 1 && vocabSize % ranks == 0 && LIBTORCH.equals(System.getProperty(CHOICE));
    }

    Collectives ofRank(int rank) {
        return ofRanks.get(rank);
    }

    /** For the rank's thread. */
    private final class OfRank implements Collectives {
        private final int rank;
        private Optional<RankGroup> group = Optional.empty();

        OfRank(int rank) {
            this.rank = rank;
        }

        @Override
        public Tensor sum(Tensor part) {
            return met().sum(part);
        }

        @Override
        public Tensor sideBySide(Tensor part) {
            return met().sideBySide(part);
        }

        private RankGroup met() {
            meeting.meet();
            if (group.isEmpty()) {
                group = Optional.of(RankGroup.join(kind, meetingPoint, rank, ofRanks.size()));
            }
            return group.get();
        }
    }

    /** When no rank's thread is at work. */
    @Override
    public void close() {
        ofRanks.forEach(ofRank -> ofRank.group.ifPresent(RankGroup::close));
        try {
            Files.deleteIfExists(meetingPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
