package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.commit.Deaths.Kind;
import io.sparkvlm.spark.commit.Deaths.Tolerance;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows which rows are being computed, and judges those whose process died: they are set apart, to be computed alone, and a
 * row that brings its process down alone is not computed any more. For one thread at a time.
 */
final class CrashedRows implements AutoCloseable {
    private final Tolerance tolerance;
    private final Optional<CrashFile> file;
    private final Map<Long, Set<String>> computing = new HashMap<>(); // by attempts
    private final Map<String, Deaths> deaths;
    private final RowIds setApart = new RowIds();
    private Kind kind = Kind.AMONG_OTHERS;

    private CrashedRows(Tolerance tolerance, Optional<CrashFile> file, Map<String, Deaths> deaths) {
        this.tolerance = tolerance;
        this.file = file;
        this.deaths = deaths;
        deaths.keySet().forEach(this::judge);
    }

    /** Rows that executors compute. */
    static CrashedRows ofExecutors() {
        return new CrashedRows(Tolerance.OF_EXECUTORS, Optional.empty(), new HashMap<>());
    }

    /** Rows that this process computes itself; the file tells the next one, should it die. */
    static CrashedRows ofThisProcess(CrashFile file) throws IOException {
        return new CrashedRows(Tolerance.OF_THIS_PROCESS, Optional.of(file), file.read());
    }

    /** How rows are computed from now on. */
    void compute(Kind other) {
        List.copyOf(computing.keySet()).forEach(this::died);
        kind = other;
    }

    /** The rows that are left out until each is computed alone. */
    RowIds setApart() {
        return switch (kind) {
            case AMONG_OTHERS -> setApart;
            case ALONE -> new RowIds();
        };
    }

    /** Whether the row may be computed. */
    boolean begin(long attempt, String rowId) {
        if (tolerance.condemns(deathsOf(rowId))) {
            return false;
        }
        computing.computeIfAbsent(attempt, rows -> new HashSet<>()).add(rowId);
        write();
        return true;
    }

    void end(long attempt, List<String> rowIds) {
        Set<String> rows = computing.get(attempt);
        if (rows != null && rows.removeAll(rowIds)) {
            write();
        }
    }

    /** Notes that an attempt computes nothing any more. */
    void leave(long attempt) {
        if (computing.remove(attempt) != null) {
            write();
        }
    }

    /** Notes that an attempt has ended without a word. */
    void died(long attempt) {
        for (String rowId : Optional.ofNullable(computing.remove(attempt)).orElse(Set.of())) {
            deaths.put(rowId, deathsOf(rowId).and(kind));
            judge(rowId);
        }
    }

    private Deaths deathsOf(String rowId) {
        return deaths.getOrDefault(rowId, Deaths.NONE);
    }

    private void judge(String rowId) {
        if (tolerance.setsApart(deathsOf(rowId))) {
            setApart.add(rowId);
        }
    }

    /** What the next process is to believe, should this one die now. */
    private void write() {
        file.ifPresent(it -> {
            Map<String, Deaths> afterwards = new HashMap<>(deaths);
            computing
                    .values()
                    .forEach(rows -> rows.forEach(
                            row -> afterwards.put(row, deathsOf(row).and(kind))));
            it.write(afterwards);
        });
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
