package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges where a file about an output is to be written. */
final class FileBeside {
    private FileBeside() {}

    /**
     * A file about an output.
     *
     * @param option that names it
     * @throws JobRefusedException where no file of that name can be, or it would lie among the output's own
     */
    static Path of(String option, Path named, OutputFolder output) throws JobRefusedException, IOException {
        Path file = named.toAbsolutePath();
        if (Files.isDirectory(file) || !Files.isDirectory(file.getParent())) {
            throw new JobRefusedException(
                    "expected " + option + " to name a file in a folder that is there, found " + named);
        }
        URI folder = output.path().toUri();
        if ("file".equals(folder.getScheme())
                && file.getParent()
                        .toRealPath()
                        .startsWith(Path.of(folder.getPath()).toRealPath())) {
            throw new JobRefusedException("expected " + option + " to name a file outside of the output "
                    + output.name() + ", which holds no files but a job's, found " + named);
        }
        return file;
    }
}
