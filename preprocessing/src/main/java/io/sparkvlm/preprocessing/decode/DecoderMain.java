package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.decode.task.Decoders;
import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * The main class of a child: decodes what its executor writes to its standard input, until that ends. Its arguments are
 * the executor's process id and the file of the buffer that both see.
 */
final class DecoderMain {
    /** The exit code of a child without the memory that a medium takes, as of {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    private static final int STREAM_BUFFER_BYTES = 1 << 16;
    private static final Duration PARENT_POLL = Duration.ofSeconds(1);

    private final DataInputStream in;
    private final DataOutputStream out;
    private final FileChannel bufferFile;
    private final HeldFile held = new HeldFile();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private int picturesLeft;

    private DecoderMain(DataInputStream in, DataOutputStream out, FileChannel bufferFile) {
        this.in = in;
        this.out = out;
        this.bufferFile = bufferFile;
    }

    public static void main(String[] args) throws Exception {
        // What libraries print would stand between replies.
        System.setOut(System.err);
        endWithParent(Long.parseLong(args[0]));
        try (FileChannel bufferFile =
                        FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                DataInputStream in = new DataInputStream(
                        new BufferedInputStream(new FileInputStream(FileDescriptor.in), STREAM_BUFFER_BYTES));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
            new DecoderMain(in, out, bufferFile).run(Decoders.load());
        } catch (OutOfMemoryError | DecoderMemoryException e) {
            Runtime.getRuntime().halt(OUT_OF_MEMORY);
        }
    }

    private void run(Decoders decoders) throws IOException {
        Reply.writeReady(out);
        Optional<Call> call = Call.readFrom(in, held);
        while (call.isPresent()) {
            answer(call.get(), decoders);
            call = Call.readFrom(in, held);
        }
    }

    private void answer(Call call, Decoders decoders) throws IOException {
        if (buffer.capacity() != call.bufferBytes()) {
            buffer = bufferFile.map(MapMode.READ_WRITE, 0, call.bufferBytes());
        }
        answer(call.task(), new MediaReference("", call.medium(), ""), decoders);
    }

    private <R> void answer(DecodeTask<R> task, MediaReference reference, Decoders decoders) throws IOException {
        picturesLeft = task.pictures();
        Reply.writeEnd(out, task, task.decode(decoders, buffer, reference, this::handOut));
    }

    private void handOut(RgbImage picture) {
        if (!picture.pixels().isDirect()) {
            buffer.put(0, picture.rgb());
        }
        try {
            Reply.writePicture(out, picture.width(), picture.height());
            picturesLeft--;
            if (picturesLeft > 0) {
                Call.awaitContinue(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Standard input tells a child that waits that its executor is gone; this tells one that decodes. */
    private static void endWithParent(long parent) {
        Thread watch = new Thread(
                () -> {
                    Optional<ProcessHandle> executor = ProcessHandle.of(parent);
                    while (executor.filter(ProcessHandle::isAlive).isPresent()) {
                        try {
                            Thread.sleep(PARENT_POLL.toMillis());
                        } catch (InterruptedException e) {
                            break;
                        }
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
