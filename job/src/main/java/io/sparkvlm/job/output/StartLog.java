package io.sparkvlm.job.output;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Lists the starts of a job in a small file beside its rows, for people alone: no job reads it, and none needs it. */
public record StartLog(List<Start> starts) {
    static final String FILE_NAME = "_sparkvlm_starts.json";

    /** Of a job that something starts again and again. */
    private static final int MOST_STARTS = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    public StartLog {
        starts = List.copyOf(starts.subList(Math.max(0, starts.size() - MOST_STARTS), starts.size()));
    }

    /** Holds what is known of one start; what is only known at its end is empty or 0 before. */
    public record Start(
            String started,
            String version,
            String application,
            String ended,
            String outcome,
            long rows,
            int mostExecutors,
            int lostExecutors) {
        public Start {
            requireNonNull(started);
            requireNonNull(version);
            requireNonNull(application);
            requireNonNull(ended);
            requireNonNull(outcome);
        }
    }

    /** Reads the file of an output; nothing where there is none, or it cannot be read. */
    public static StartLog read(Path home, Configuration hadoop) {
        try {
            Optional<String> text = HiddenFile.read(home.getFileSystem(hadoop), new Path(home, FILE_NAME));
            return new StartLog(text.isPresent() ? starts(text.get()) : List.of());
        } catch (IOException e) {
            return new StartLog(List.of()); // another's file, one of another version, or none that can be read
        }
    }

    private static List<Start> starts(String json) throws IOException {
        Start[] starts = JSON.readValue(json, Start[].class);
        if (starts == null || Arrays.asList(starts).contains(null)) {
            throw new IOException("expected a list of starts, found null");
        }
        return List.of(starts);
    }

    static void delete(Path home, Configuration hadoop) throws IOException {
        home.getFileSystem(hadoop).delete(new Path(home, FILE_NAME), false);
    }

    StartLog with(Start start) {
        List<Start> more = new ArrayList<>(starts);
        more.removeIf(other -> other.started().equals(start.started()));
        more.add(start);
        return new StartLog(more);
    }

    void write(Path home, Configuration hadoop) throws IOException {
        HiddenFile.write(
                home.getFileSystem(hadoop),
                new Path(home, FILE_NAME),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(starts));
    }
}
