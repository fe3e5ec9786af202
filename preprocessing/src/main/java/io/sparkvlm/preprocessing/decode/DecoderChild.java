package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.DecoderDiedException.Cause;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that decodes, one medium after the other. The thread that uses it waits in a read; a child that hangs
 * is killed, which ends the wait.
 *
 * <p>One thread at a time, but for {@link #close}.
 */
final class DecoderChild implements AutoCloseable {
    /** The first one on a machine unpacks the libraries, others may wait for that. */
    private static final Duration START_BUDGET = Duration.ofSeconds(90);

    private static final int STREAM_BUFFER_BYTES = 1 << 16;
    /** How long a dying child may write its last message. */
    private static final long EXIT_MESSAGE_MILLIS = 1000;

    /** How long a killed child may take to be gone. */
    private static final long EXIT_MILLIS = 2000;

    private static final Logger LOGGER = LoggerFactory.getLogger(DecoderChild.class);

    // What a child may have done before a fresh one takes its place: leaks are slow, and limits count from the start.
    private static final int MAX_CALLS = 20_000;
    private static final long MAX_BUSY_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long MAX_KEPT_BYTES = 512L << 20;
    private static final int PAGE_BYTES = 4096; // on x86-64, for which the libraries are built

    private static final Question NOTHING_MORE = out -> {};

    private final Process process;
    private final SharedFrameBuffer buffer;
    private final ScheduledExecutorService watchdog;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final ErrorTail errors;
    private final HeldFile held = new HeldFile();
    private volatile boolean late;
    private int calls;
    private long busyNanos;

    private DecoderChild(Process process, SharedFrameBuffer buffer, ScheduledExecutorService watchdog) {
        this.process = process;
        this.buffer = buffer;
        this.watchdog = watchdog;
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), STREAM_BUFFER_BYTES));
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), STREAM_BUFFER_BYTES));
        this.errors = new ErrorTail(process.getErrorStream());
    }

    /**
     * Starts one and waits until it has loaded its decoders.
     *
     * @param bufferFolder where the memory that both see is made
     * @throws IOException saying what it complained of when it does not start
     */
    static DecoderChild start(ChildCommand command, Path bufferFolder, ScheduledExecutorService watchdog)
            throws IOException {
        SharedFrameBuffer buffer = SharedFrameBuffer.in(bufferFolder);
        Process process;
        try {
            process = command.start(buffer);
        } catch (IOException e) {
            buffer.close();
            throw e;
        }
        DecoderChild child = new DecoderChild(process, buffer, watchdog);
        boolean started = false;
        try {
            child.ask(
                    out -> {},
                    in -> {
                        Reply.readReady(in);
                        return child;
                    },
                    new Budget(START_BUDGET));
            buffer.forgetName();
            started = true;
            return child;
        } catch (DecoderDiedException e) {
            throw new IOException("a decoder process did not start: " + e.getMessage(), e);
        } finally {
            if (!started) {
                child.close();
            }
        }
    }

    /** Whether it still has this file, which it has probed. */
    boolean holds(byte[] file) {
        return held.holds(file);
    }

    /** Whether it may decode another medium. */
    boolean canDecodeMore() {
        return process.isAlive() && !late && calls < MAX_CALLS && busyNanos < MAX_BUSY_NANOS && isSmall();
    }

    private boolean isSmall() {
        try {
            // size resident shared …, in pages; what is shared is the buffer and the libraries
            String[] pages = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"))
                    .split(" ", 4);
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE_BYTES < MAX_KEPT_BYTES;
        } catch (IOException e) {
            return false; // it died just now
        }
    }

    /**
     * Decodes one medium, as {@link MediaDecoder#decode} says.
     *
     * @throws DecoderDiedException when it did not answer; it is of no more use then
     */
    <R> Outcome<R> decode(DecodeTask<R> task, MediaReference reference, Consumer<RgbImage> pictures)
            throws DecoderDiedException {
        calls++;
        fitBuffer(task.pictureBytes());
        Budget budget = new Budget(task.timeBudget());
        Answer<Reply<R>> answer = in -> Reply.readFrom(in, task, reference.param());
        Call call = new Call(buffer.bytes(), reference.kind(), task);
        Reply<R> reply = ask(out -> call.writeTo(out, held), answer, budget);
        for (int left = task.pictures() - 1; reply instanceof Reply.Picture<R> picture; left--) {
            pictures.accept(image(picture));
            reply = ask(left > 0 ? Call::writeContinue : NOTHING_MORE, answer, budget);
        }
        trimBuffer();
        return ((Reply.End<R>) reply).outcome();
    }

    private void fitBuffer(int bytes) throws DecoderDiedException {
        try {
            buffer.fit(bytes);
        } catch (IOException e) {
            throw died(Cause.NO_SPACE, e);
        }
    }

    private RgbImage image(Reply.Picture<?> picture) throws DecoderDiedException {
        try {
            return buffer.picture(picture.width(), picture.height());
        } catch (IOException e) {
            throw died(e);
        }
    }

    private void trimBuffer() throws DecoderDiedException {
        try {
            buffer.trim();
        } catch (IOException e) {
            throw died(e);
        }
    }

    /** Writes what a reply is then waited for. */
    @FunctionalInterface
    private interface Question {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** Reads the reply. */
    @FunctionalInterface
    private interface Answer<T> {
        T readFrom(DataInputStream in) throws IOException;
    }

    private <T> T ask(Question question, Answer<T> answer, Budget budget) throws DecoderDiedException {
        long start = System.nanoTime();
        ScheduledFuture<?> kill = watchdog.schedule(this::killLate, budget.leftNanos, TimeUnit.NANOSECONDS);
        try {
            question.writeTo(out);
            return answer.readFrom(in);
        } catch (IOException e) {
            throw died(e);
        } finally {
            kill.cancel(false);
            long spent = System.nanoTime() - start;
            busyNanos += spent;
            budget.leftNanos -= spent;
        }
    }

    private void killLate() {
        late = true;
        process.destroyForcibly();
    }

    private DecoderDiedException died(IOException symptom) {
        OptionalInt exit = exitCode(EXIT_MESSAGE_MILLIS);
        boolean outOfMemory = exit.equals(OptionalInt.of(DecoderMain.OUT_OF_MEMORY));
        return died(late ? Cause.TIMED_OUT : outOfMemory ? Cause.OUT_OF_MEMORY : Cause.CRASHED, symptom);
    }

    private DecoderDiedException died(Cause how, IOException symptom) {
        kill();
        String exit = exitCode(EXIT_MILLIS).stream()
                .mapToObj(code -> "exit code " + code)
                .findFirst()
                .orElse("still there");
        return new DecoderDiedException(
                how, how + ", " + exit + ", " + symptom.getMessage() + "; it said: " + errors.text(), symptom);
    }

    /** The exit code of a child that is about to end. */
    private OptionalInt exitCode(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Ends it, from any thread, and with it a read that waits for it. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends it and frees its buffer, in which no picture may be read any more. */
    @Override
    public void close() {
        kill();
        try {
            buffer.close();
        } catch (IOException e) {
            LOGGER.warn("the memory shared with a decoder could not be given back", e);
        }
    }

    /** The time that is left for one medium. */
    private static final class Budget {
        private long leftNanos;

        Budget(Duration budget) {
            this.leftNanos = budget.toNanos();
        }
    }
}
