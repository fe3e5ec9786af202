package io.sparkvlm.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowIdsTest {
    private static final int ROWS = 3000;

    /** A file's rows, rows that are named by what they hold, and names of users. */
    @ParameterizedTest
    @ValueSource(strings = {"in.jsonl:%d", "00000000000000000000000000%06x:0", "order %d", "%d:"})
    void holdsWhatWasAddedAndNothingElse(String form) {
        IntFunction<String> id = row -> String.format(form, row);
        RowIds even = ids(id, 0, 2);
        assertThat(even.size()).isEqualTo(ROWS / 2);
        assertThat(IntStream.range(0, ROWS).filter(row -> even.contains(id.apply(row))))
                .containsExactlyElementsOf(IntStream.iterate(0, row -> row < ROWS, row -> row + 2)
                        .boxed()
                        .toList());
        even.add(id.apply(0));
        assertThat(even.size()).as("once").isEqualTo(ROWS / 2);

        RowIds odd = ids(id, 1, 2);
        assertThat(even.intersects(odd)).isFalse();
        assertThat(even.intersects(ids(id, ROWS - 2, 1))).isTrue();
        assertThat(RowIds.union(even, ids(id, 0, 4)).size()).isEqualTo(ROWS / 2);
        RowIds all = RowIds.union(even, odd);
        assertThat(all.size()).isEqualTo(ROWS);
        assertThat(List.of(0, 1, ROWS - 1)).allMatch(row -> all.contains(id.apply(row)));
        assertThat(all.contains(id.apply(ROWS))).isFalse();
    }

    private static RowIds ids(IntFunction<String> id, int first, int step) {
        RowIds ids = new RowIds();
        for (int row = first; row < ROWS; row += step) {
            ids.add(id.apply(row));
        }
        return ids;
    }
}
