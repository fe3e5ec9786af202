package io.sparkvlm.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process would have died of is read again, whatever was written before it. */
class CrashFileTest {
    @TempDir
    private Path folder;

    @Test
    void isReadWhereTheRestOfWhatWasThereBeginsWithinACharacter() throws IOException {
        try (CrashFile file = new CrashFile(folder.resolve("crashes"))) {
            for (String more : new String[] {"", "a", "ab"}) {
                file.write(Map.of("質問質問質問質問.jsonl:1", new Deaths(1, 0)));
                Map<String, Deaths> shorter = Map.of("b" + more, new Deaths(2, 0));
                file.write(shorter);
                assertThat(file.read()).isEqualTo(shorter);
            }
        }
    }
}
