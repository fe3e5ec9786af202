package io.sparkvlm.job.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableNameTest {
    @Test
    void isWrittenAsEverySessionReadsIt() throws Exception {
        assertThat(sql("db.requests /* of today */")).isEqualTo("db.requests");
        assertThat(sql("default.date"))
                .as("words that are no names in other places")
                .isEqualTo("default.date");
        assertThat(sql("db.`select`.`User`")).as("reserved words").isEqualTo("db.`select`.`User`");
        assertThat(sql("delta.`/a b/c``d`")).isEqualTo("delta.`/a b/c``d`");
    }

    private static String sql(String text) throws Exception {
        return TableName.parse(text, "--input-table").sql();
    }
}
