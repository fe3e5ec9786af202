package io.sparkvlm.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ColumnRolesJsonTest {
    @Test
    void readsWhatItWrote() throws JobRefusedException {
        List<ColumnRoles> all = List.of(
                ColumnRoles.NONE,
                new ColumnRoles(
                        List.of("a", "b[0]"),
                        List.of("c"),
                        Optional.of(PromptTemplate.parse("Is {{this}} a {label}?")),
                        Optional.of("Be short.")),
                new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.ofColumn("a {b}")), Optional.empty()));
        for (ColumnRoles roles : all) {
            assertThat(ColumnRolesJson.read(ColumnRolesJson.write(roles))).isEqualTo(roles);
        }
    }

    @Test
    void findsNoRolesInARecordWithoutThem() throws JobRefusedException {
        assertThat(ColumnRolesJson.read(MissingNode.getInstance())).isEqualTo(ColumnRoles.NONE);
    }
}
