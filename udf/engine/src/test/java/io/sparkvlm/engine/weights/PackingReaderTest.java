package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Packing.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackingReaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'quant_method': 'gptq', 'bits': 4, 'group_size': 128, 'sym': true, 'desc_act': false | GPTQ | 4 | 128",
                "'quant_method': 'gptq', 'bits': 8, 'group_size': -1, 'dynamic': {}, 'lm_head': false | GPTQ | 8 | 0",
                "'quant_method': 'gptq', 'bits': 8, 'group_size': 64, 'checkpoint_format': 'gptq' | GPTQ | 8 | 64",
                "'quant_method': 'gptq', 'bits': 4, 'group_size': 32, 'checkpoint_format': 'gptq_v2' | GPTQ_V2 | 4 | 32",
                "'quant_method': 'awq', 'bits': 4, 'group_size': 128, 'version': 'gemm', 'zero_point': true | AWQ | 4 | 128",
                "'quant_method': 'awq', 'bits': 4, 'group_size': -1, 'zero_point': false | AWQ_WITHOUT_ZEROS | 4 | 0"
            })
    void readsHowTheWeightsAreStored(String fields, Layout layout, int bits, int group) throws IOException {
        OptionalInt groupInputs = group == 0 ? OptionalInt.empty() : OptionalInt.of(group);
        assertThat(read("'quantization_config': {" + fields + "}")).contains(new Packing(layout, bits, groupInputs));
        assertThat(read("'text_config': {'quantization_config': {" + fields + "}}"))
                .contains(new Packing(layout, bits, groupInputs));
    }

    @Test
    void findsNoneWhereWeightsAreStoredAsTheyAre() throws IOException {
        assertThat(read("'quantization_config': null")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'quantization_config': {'bits': 4} | --quantization rounds, found no quant_method",
                "'quantization_config': {'quant_method': 'bitsandbytes'} | --quantization rounds, found bitsandbytes",
                "'compression_config': {'quant_method': 'fp8'} | --quantization rounds, found fp8",
                "'quantization_config': {'quant_method': 'gptq', 'bits': 3} | quantization_config.bits to be 4 or 8, found 3",
                "'quantization_config': {'quant_method': 'awq', 'bits': 8} | quantization_config.bits to be 4, found 8",
                "'quantization_config': {'quant_method': 'awq', 'bits': 4} | group_size to be an integer",
                "'quantization_config': {'quant_method': 'gptq', 'bits': 4, 'group_size': 0} | or -1 for all, found 0",
                "'quantization_config': {'quant_method': 'awq', 'version': 'gemv'} | version to be gemm, found ~gemv~",
                "'quantization_config': {'quant_method': 'gptq', 'checkpoint_format': 'marlin'} | gptq or gptq_v2, found ~marlin~",
                "'quantization_config': {'quant_method': 'gptq', 'is_marlin_format': true} | is_marlin_format to be false",
                "'quantization_config': {'quant_method': 'gptq', 'lm_head': true} | lm_head to be false",
                "'quantization_config': {'quant_method': 'gptq', 'dynamic': {'-:k_proj': {}}} | dynamic to be empty",
                "'quantization_config': {'quant_method': 'gptq', 'pack_dtype': 'int16'} | pack_dtype to be int32"
            })
    void refusesWhatItDoesNotRead(String fields, String message) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message.replace('~', '"'));
    }

    private Optional<Packing> read(String fields) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{" + fields.replace('\'', '"') + "}");
        return PackingReader.read(CheckpointConfig.read(new CheckpointFolder(folder)));
    }
}
