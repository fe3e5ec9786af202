package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootCauseTest {
    @TempDir
    private Path folder;

    @Test
    void isTheFirstLineOfTheInnermostMessage() {
        IOException root = new IOException("the disk is full\nand more");
        assertThat(RootCause.of(new IllegalStateException("outer", new UncheckedIOException(root))))
                .isEqualTo("the disk is full");
    }

    @Test
    void saysWhatJavaLeavesToTheClassOfAnException() {
        Path file = folder.resolve("none/answers.xlsx");
        assertThat(RootCause.of(catchThrowable(() -> Files.newOutputStream(file))))
                .isEqualTo(file + ": no such file or folder");
        assertThat(RootCause.of(new AccessDeniedException("/answers"))).isEqualTo("/answers: permission denied");
        assertThat(RootCause.of(new FileSystemException("/answers", null, "Read-only file system")))
                .isEqualTo("/answers: Read-only file system");
        assertThat(RootCause.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
