package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.decode.task.Decoders;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.Orientation;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A child whose decoders have faults; the bytes of its pictures say which. */
final class FaultyDecoderMain {
    enum Fault {
        NONE,
        DEREFERENCES_NULL,
        HANGS,
        FILLS_THE_HEAP,
        FILLS_NATIVE_MEMORY,
        WRITES_GARBAGE,
        CLAIMS_A_HUGE_PICTURE,
        CLAIMS_AN_UNKNOWN_CODE,
        EXITS,
        EXITS_BEHIND_THE_SECOND_PICTURE_ONCE
    }

    private static final int PICTURES = 3;
    private static final List<Object> HELD = new ArrayList<>();

    private static final class Nowhere extends Pointer {
        Nowhere() {
            address = 8;
        }
    }

    private FaultyDecoderMain() {}

    /** A request of three pictures of two pixels. */
    record Task(Fault fault, Path memory, Duration timeBudget) implements DecodeTask<Integer> {
        Task(Fault fault, Path memory) {
            this(fault, memory, Duration.ofMinutes(5));
        }

        @Override
        public Kind kind() {
            return Kind.IMAGE;
        }

        @Override
        public int pictureBytes() {
            return 6;
        }

        @Override
        public int pictures() {
            return PICTURES;
        }

        @Override
        public byte[] file() {
            return (fault.name() + " " + memory).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void writeTo(DataOutputStream out) throws IOException {
            new ImageTask(new ImageHeader(2, 1, Orientation.UPRIGHT), file()).writeTo(out);
        }

        @Override
        public Outcome<Integer> decode(
                Decoders decoders, ByteBuffer buffer, MediaReference reference, Consumer<RgbImage> pictures) {
            throw new AssertionError("expected a child to decode it");
        }

        @Override
        public void writeResult(Integer pictures, DataOutputStream out) throws IOException {
            out.writeInt(pictures);
        }

        @Override
        public Integer readResult(DataInputStream in) throws IOException {
            return in.readInt();
        }
    }

    public static void main(String[] args) throws Exception {
        try (FileChannel file = FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
            DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
            Reply.writeReady(out);
            HeldFile held = new HeldFile();
            for (Optional<Call> call = Call.readFrom(in, held); call.isPresent(); call = Call.readFrom(in, held)) {
                String bytes = new String(((ImageTask) call.get().task()).bytes(), StandardCharsets.UTF_8);
                Fault fault = Fault.valueOf(bytes.substring(0, bytes.indexOf(' ')));
                ByteBuffer buffer = file.map(MapMode.READ_WRITE, 0, call.get().bufferBytes());
                fail(fault, Path.of(bytes.substring(bytes.indexOf(' ') + 1)), out);
                for (int i = 0; i < PICTURES; i++) {
                    buffer.put(0, (byte) i);
                    Reply.writePicture(out, 2, 1);
                    if (i < PICTURES - 1) {
                        Call.awaitContinue(in);
                    }
                    if (i == 1 && fault == Fault.EXITS_BEHIND_THE_SECOND_PICTURE_ONCE) {
                        exitOnce(Path.of(bytes.substring(bytes.indexOf(' ') + 1)));
                    }
                }
                Reply.writeEnd(out, new Task(fault, Path.of("")), Outcome.ok(PICTURES));
            }
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(DecoderMain.OUT_OF_MEMORY);
        }
    }

    private static void fail(Fault fault, Path memory, DataOutputStream out) throws IOException {
        switch (fault) {
            case NONE, EXITS_BEHIND_THE_SECOND_PICTURE_ONCE -> {}
            case DEREFERENCES_NULL -> Pointer.memset(new Nowhere(), 0, 8);
            case HANGS -> {
                Files.write(memory, new byte[0]); // who waits for it to hang sees that it does
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case FILLS_THE_HEAP -> {
                while (true) {
                    HELD.add(new byte[1 << 20]);
                }
            }
            case FILLS_NATIVE_MEMORY -> {
                while (true) {
                    HELD.add(Pointer.memset(new BytePointer(16L << 20), 1, 16L << 20));
                }
            }
            case WRITES_GARBAGE -> out.write(new byte[1 << 16]);
            case CLAIMS_A_HUGE_PICTURE -> Reply.writePicture(out, 40_000, 40_000);
            case CLAIMS_AN_UNKNOWN_CODE -> {
                out.writeInt(Reply.MAGIC);
                out.writeUTF(Reply.Type.REJECTED.name());
                out.writeUTF("NOT_A_CODE");
                out.writeUTF("");
            }
            case EXITS -> Runtime.getRuntime().halt(0);
        }
    }

    private static void exitOnce(Path memory) throws IOException {
        if (Files.notExists(memory)) {
            Files.createFile(memory);
            Runtime.getRuntime().halt(0);
        }
    }
}
