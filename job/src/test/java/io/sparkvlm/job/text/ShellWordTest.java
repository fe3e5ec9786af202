package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShellWordTest {
    @Test
    void leavesPlainPathsAsTheyAre() {
        assertThat(ShellWord.of("/home/me/sparkvlm-demo/output")).isEqualTo("/home/me/sparkvlm-demo/output");
    }

    @Test
    void quotesWhatAShellWouldTakeApart() {
        assertThat(ShellWord.of("/home/it's me/$x")).isEqualTo("'/home/it'\\''s me/$x'");
    }
}
