package io.sparkvlm.preprocessing.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.decode.task.ProbeTask;
import io.sparkvlm.preprocessing.decode.task.VideoTask;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.Videos;
import io.sparkvlm.preprocessing.video.container.VideoInspector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldFileTest {
    private final HeldFile executor = new HeldFile();
    private final HeldFile child = new HeldFile();

    @TempDir
    private Path folder;

    @Test
    void aProbedVideoGoesThroughThePipeOnce() throws IOException {
        EncodedVideo video = video("h264.mp4");
        byte[] file = video.bytes();

        assertThat(send(new ProbeTask(video, VideoLimits.DEFAULT))).isGreaterThan(file.length);
        assertThat(executor.holds(file)).isTrue();
        assertThat(send(decoding(video))).isLessThan(file.length);
        assertThat(executor.holds(file))
                .as("what is decoded is not asked for again")
                .isFalse();
        assertThat(send(decoding(video))).isGreaterThan(file.length);
    }

    @Test
    void anotherFileTakesItsPlace() throws IOException {
        EncodedVideo first = video("h264.mp4");
        EncodedVideo other = video("vp8.webm");

        send(new ProbeTask(first, VideoLimits.DEFAULT));
        assertThat(send(new ProbeTask(other, VideoLimits.DEFAULT))).isGreaterThan(other.bytes().length);
        assertThat(send(decoding(first))).isGreaterThan(first.bytes().length);
    }

    @Test
    void equalBytesOfAnotherArrayAreSent() throws IOException {
        send(new ProbeTask(video("h264.mp4"), VideoLimits.DEFAULT));
        EncodedVideo equal = video("h264.mp4");

        assertThat(send(decoding(equal))).isGreaterThan(equal.bytes().length);
    }

    @Test
    void thePoolGivesAFileToTheChildThatHasIt() throws Exception {
        EncodedVideo video = video("h264.mp4");
        try (DecoderPool pool = new DecoderPool(ChildCommand.ofThisProcess(), folder, 2)) {
            List<String> digests = new ArrayList<>();
            DecoderChild holder;
            try (DecoderPool.Lease other = pool.take();
                    DecoderPool.Lease lease = pool.take()) {
                holder = lease.child();
                holder.decode(new ProbeTask(video, VideoLimits.DEFAULT), Videos.REFERENCE, picture -> {});
                lease.markReusable();
                other.markReusable(); // closed last, and so the first that is idle
            }
            try (DecoderPool.Lease lease = pool.takeFor(video.bytes())) {
                assertThat(lease.child()).isSameAs(holder);
                holder.decode(decoding(video), Videos.REFERENCE, picture -> digests.add(Videos.digest(picture)));
                lease.markReusable();
            }
            assertThat(digests).hasSize(2);
        }
    }

    /** How many bytes it takes; what the child reads is what was sent. */
    private int send(DecodeTask<?> task) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Call(0, MediaKind.VIDEO, task).writeTo(new DataOutputStream(out), executor);
        Call read = Call.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())), child)
                .orElseThrow();
        assertThat(read.task().file()).isEqualTo(task.file());
        return out.size();
    }

    private static VideoTask decoding(EncodedVideo video) {
        return new VideoTask(video, VideoLimits.DEFAULT, 1 << 10, 1 << 10, List.of(0, 1));
    }

    private static EncodedVideo video(String name) throws IOException {
        return Requests.value(new VideoInspector(VideoLimits.DEFAULT)
                .inspect(new FetchedFile(Videos.read(name), name), Videos.REFERENCE));
    }
}
