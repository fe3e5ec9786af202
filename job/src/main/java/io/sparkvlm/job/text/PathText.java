package io.sparkvlm.job.text;

import org.apache.hadoop.fs.Path;

/** Writes paths as users do: those of local disks without their scheme. */
public final class PathText {
    private PathText() {}

    public static String of(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }
}
