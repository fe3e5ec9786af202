package io.sparkvlm.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void copiesWhatWasWritten() throws IOException {
        new SafetensorsBytes()
                .add("first", new long[] {3}, new float[] {7, 8, 9})
                .add("second", new long[] {2, 2}, new float[] {1, -2, 3.5f, 4})
                .write(file);
        assertThat(values("second", 2, 2)).containsExactly(1, -2, 3.5f, 4);
        assertThat(values("first", 3)).containsExactly(7, 8, 9);
    }

    @Test
    void convertsHalfPrecisionOnTheWay() throws IOException {
        // 1.5 and -2: the upper halves of the float32 0x3FC00000 and 0xC0000000, and IEEE half's 0x3E00 and 0xC000
        new SafetensorsBytes()
                .add("bf16", "BF16", new long[] {2}, new byte[] {(byte) 0xC0, 0x3F, 0x00, (byte) 0xC0})
                .add("f16", "F16", new long[] {2}, new byte[] {0x00, 0x3E, 0x00, (byte) 0xC0})
                .write(file);
        assertThat(values("bf16", 2)).containsExactly(1.5f, -2);
        assertThat(values("f16", 2)).containsExactly(1.5f, -2);
    }

    @Test
    void leavesATensorWhereItLiesIfItHasTheTypeThatIsWanted() throws IOException {
        new SafetensorsBytes()
                .add("bf16", "BF16", new long[] {1, 2}, new byte[] {(byte) 0xC0, 0x3F, 0x00, (byte) 0xC0})
                .add("f32", new long[] {1}, new float[] {1})
                .write(file);
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors()) {
            Optional<Tensor> mapped;
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                mapped = open.mapped("bf16", DType.BFLOAT16, resident);
                assertThat(open.mapped("f32", DType.BFLOAT16, resident)).isEmpty();
            }
            System.gc(); // what is mapped stays
            assertThat(HostTensors.toFloats(mapped.orElseThrow().view(-1))).containsExactly(1.5f, -2);
        }
    }

    /** So a part of it needs no copy of the whole. */
    @Test
    void aViewLiesInTheFile() throws IOException {
        String header = "{\"codes\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        String aligned = header + " ".repeat(Math.floorMod(-header.length(), Long.BYTES)); // as published files are
        SafetensorsBytes.write(file, aligned, new byte[] {1, 0, 0, 0, 2, 0, 0, 0});
        try (TensorScope scope = new TensorScope();
                SafetensorsFile open = SafetensorsFile.open(file)) {
            Tensor view = open.view("codes");
            assertThat(view.select(0, 1).item_int()).isEqualTo(2);
            try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
                changed.seek(changed.length() - Integer.BYTES);
                changed.write(3);
            }
            assertThat(view.select(0, 1).item_int()).isEqualTo(3);
        }
    }

    @Test
    void namesFileAndTensorWhenItIsMissing() throws IOException {
        new SafetensorsBytes().add("there", new long[] {1}, new float[] {1}).write(file);
        assertThatThrownBy(() -> values("gone", 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("gone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 4 | end inside the file",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 9 | 1 bytes after the last",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 8 | as many bytes as F32 [3] takes, found 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 8 | [begin, end]",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4,8]}} | 8 | [begin, end]",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | 8 | at least 0",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 8 | at least 0",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | 8 | integers",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | 8 | an array as its shape",
                "{'a':{'dtype':'F32','shape':[2]}} | 8 | an array as its data_offsets",
                "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | 8 | found \"F31\"",
                "{'a':7} | 0 | an array as its shape",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}} | 8 | too large",
                "{'a':{'dtype':'U8','shape':[2],'data_offsets':[9223372036854775800,9223372036854775802]}} | 2 | too"
                        + " large",
                "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}"
                        + " | 3 | tensor b: expected it to start at byte 2",
                "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[3,5]}}"
                        + " | 5 | tensor b: expected it to start at byte 2",
                "{'a':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}} | 3 | expected it to start at byte 0",
                "{'a':{'dtype':'U8','shape':[0],'data_offsets':[0,0]},'a':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}}"
                        + " | 0 | Duplicate field 'a'",
                "{'a':{'dtype':'U8','shape':[0] | 0 | expected JSON",
                "{} {} | 0 | expected JSON",
                "[1] | 0 | begins with '{'",
            })
    void refusesAHeaderThatBreaksTheFormat(String header, int dataBytes, String message) throws IOException {
        SafetensorsBytes.write(file, header.replace('\'', '"'), new byte[dataBytes]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"100000001", "-1", "1", "4096"})
    void refusesALengthThatTheFileCannotHave(long headerBytes) throws IOException {
        Files.write(
                file,
                ByteBuffer.allocate(64)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(headerBytes)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected a header of");
    }

    @Test
    void refusesAFileTooShortForALength() throws IOException {
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("7 bytes");
    }

    @Test
    void takesEmptyTensorsAndPaddedHeaders() throws IOException {
        SafetensorsBytes.write(
                file, "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}       ", new byte[0]);
        assertThat(values("a", 0, 3)).isEmpty();
    }

    private float[] values(String name, long... shape) throws IOException {
        try (TensorScope scope = new TensorScope();
                SafetensorsFile opened = SafetensorsFile.open(file)) {
            Tensor destination = torch.empty(shape, new TensorOptions(DType.FLOAT32.scalarType()), null);
            opened.copyInto(name, destination);
            float[] values = new float[(int) destination.numel()];
            if (values.length > 0) {
                destination.data_ptr_float().get(values);
            }
            return values;
        }
    }
}
