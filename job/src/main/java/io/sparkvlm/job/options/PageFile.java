package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges where a page is to be written. */
final class PageFile {
    private PageFile() {}

    /** @throws JobRefusedException where no file of that name can be */
    static Path of(Path page) throws JobRefusedException {
        Path file = page.toAbsolutePath();
        if (Files.isDirectory(file) || !Files.isDirectory(file.getParent())) {
            throw new JobRefusedException("expected --html to name a file in a folder that is there, found " + page);
        }
        return file;
    }
}
