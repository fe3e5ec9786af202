package io.sparkvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFileTest {
    private static final Path FILE = Path.of("tokenizer.json");

    @Test
    void eachFieldIsReadOrPassedOver() throws IOException {
        List<String> read = new ArrayList<>();

        JsonFile.parseFields(
                FILE, json(" {\"a\": {\"x\": [1]}, \"b\": null, \"c\": {\"y\": 2}, \"d\": 3} \n"), (name, value) -> {
                    if (name.equals("c")) {
                        read.add(name + value.readValueAsTree());
                    } else {
                        value.skipChildren();
                        read.add(name);
                    }
                });

        assertThat(read).containsExactly("a", "b", "c{\"y\":2}", "d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1]",
                "{\"a\": 1",
                "{\"a\": 1} 2",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": {\"b\": 1, \"b\": 2}}",
                "{\"a\": [1, {]}",
                "{'a': 1}"
            })
    void whatIsRefusedAsAWholeIsRefusedByFields(String json) {
        assertThatThrownBy(() -> JsonFile.parse(FILE, json(json)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(FILE + ": expected ");
        assertThatThrownBy(() -> JsonFile.parseFields(FILE, json(json), (name, value) -> value.skipChildren()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(FILE + ": expected ");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] json = json("{\"?\": 1}");
        json[2] = (byte) 0xff;

        assertThatThrownBy(() -> JsonFile.parse(FILE, json)).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> JsonFile.parseFields(FILE, json, (name, value) -> value.skipChildren()))
                .isInstanceOf(CheckpointException.class);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
