package io.sparkvlm.job.options;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges where a page is to be written. */
final class PageFile {
    private PageFile() {}

    /**
     * The file of a page about an output.
     *
     * @throws JobRefusedException where no file of that name can be, or it would lie among the output's own
     */
    static Path of(Path page, OutputFolder output) throws JobRefusedException, IOException {
        Path file = page.toAbsolutePath();
        if (Files.isDirectory(file) || !Files.isDirectory(file.getParent())) {
            throw new JobRefusedException("expected --html to name a file in a folder that is there, found " + page);
        }
        URI folder = output.path().toUri();
        if ("file".equals(folder.getScheme())
                && file.getParent()
                        .toRealPath()
                        .startsWith(Path.of(folder.getPath()).toRealPath())) {
            throw new JobRefusedException("expected --html to name a file outside of the output " + output.name()
                    + ", which holds no files but a job's, found " + page);
        }
        return file;
    }
}
