package io.sparkvlm.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublicationTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    private Path folder;

    private Path table;
    private Path work;

    @BeforeEach
    void folders() {
        table = folder.resolve("table");
        work = folder.resolve("work");
    }

    @Test
    void publishesWhatTheLatestAttemptOffersAndTellsItWhatEarlierOnesHave() throws Exception {
        try (Publication publication = open(new RowIds())) {
            Attempt first = new Attempt(publication.id(), 0, 1);
            publication.claim(first);
            assertThat(offered(publication, first, "part-a.parquet", "in:0", "in:1"))
                    .isInstanceOf(CommitReply.Granted.class);
            Attempt second = new Attempt(publication.id(), 0, 2);
            RowIds done = publication.claim(second).published();
            assertThat(done.contains("in:1")).isTrue();
            assertThat(done.size()).isEqualTo(2);
            assertThat(offered(publication, second, "part-b.parquet", "in:2")).isInstanceOf(CommitReply.Granted.class);
            publication.await();
            assertThat(published()).containsExactly("part-a.parquet", "part-b.parquet");
        }
        assertThat(work).doesNotExist();
    }

    /** As of an executor that was stopped past its time, or of a copy that Spark has started to outrun it. */
    @Test
    void takesNothingMoreOfAnAttemptOnceALaterOneHasClaimed() throws Exception {
        try (Publication publication = open(new RowIds())) {
            Attempt stopped = new Attempt(publication.id(), 0, 1);
            publication.claim(stopped);
            publication.claim(new Attempt(publication.id(), 0, 2));
            assertThat(offered(publication, stopped, "part-late.parquet", "in:0"))
                    .isInstanceOf(CommitReply.Superseded.class);
            assertThat(publication.claim(stopped)).isInstanceOf(CommitReply.Superseded.class);
            assertThat(offered(publication, new Attempt(publication.id(), 1, 3), "part-other.parquet", "in:7"))
                    .as("of another partition")
                    .isInstanceOf(CommitReply.Granted.class);
            publication.await();
            assertThat(published()).containsExactly("part-other.parquet");
        }
    }

    @Test
    void takesNoFileWithARowThatTheTableHolds() throws Exception {
        RowIds earlier = ids("in:5", "not of a file");
        try (Publication publication = open(earlier)) {
            Attempt attempt = new Attempt(publication.id(), 0, 1);
            assertThat(offered(publication, attempt, "part-a.parquet", "in:4", "in:5"))
                    .isInstanceOf(CommitReply.Repeated.class);
            assertThat(offered(publication, attempt, "part-b.parquet", "not of a file"))
                    .isInstanceOf(CommitReply.Repeated.class);
            assertThat(offered(publication, attempt, "part-c.parquet", "in:4")).isInstanceOf(CommitReply.Granted.class);
            assertThat(offered(publication, attempt, "part-d.parquet", "in:4"))
                    .isInstanceOf(CommitReply.Repeated.class);
            publication.await();
            assertThat(published()).containsExactly("part-c.parquet");
        }
        assertThat(earlier.size()).as("the caller's").isEqualTo(2);
    }

    @Test
    void publishesAFileWithoutRowsOnlyWhereThereIsNoOther() throws Exception {
        try (Publication publication = open(ids("in:0"))) {
            assertThat(offered(publication, new Attempt(publication.id(), 0, 1), "part-empty.parquet"))
                    .isInstanceOf(CommitReply.Granted.class);
        }
        assertThat(published()).isEmpty();
        try (Publication publication = open(new RowIds())) {
            offered(publication, new Attempt(publication.id(), 0, 1), "part-empty.parquet");
        }
        assertThat(published()).containsExactly("part-empty.parquet");
    }

    @Test
    void aStopLetsTasksOfferWhatTheyHaveBegunAndBeginNothing() throws Exception {
        try (Publication publication = open(new RowIds())) {
            Attempt attempt = new Attempt(publication.id(), 0, 1);
            assertThat(publication.goOn(attempt)).isInstanceOf(CommitReply.Granted.class);
            publication.stop();
            assertThat(publication.goOn(attempt)).isInstanceOf(CommitReply.Stopping.class);
            assertThat(offered(publication, attempt, "part-a.parquet", "in:0")).isInstanceOf(CommitReply.Granted.class);
            publication.claim(new Attempt(publication.id(), 0, 2));
            assertThat(publication.goOn(attempt)).isInstanceOf(CommitReply.Superseded.class);
        }
        assertThat(published()).containsExactly("part-a.parquet");
    }

    /** What a driver does that went on after another had taken its place. */
    @Test
    void publishesNothingOfAStartWhoseFilesTheNextOneHasDeleted() throws Exception {
        Publication stopped = open(new RowIds());
        Files.writeString(Path.of(stopped.work().toUri()).resolve("part-late.parquet"), "rows");
        try (Publication next = open(new RowIds())) {
            stopped.offer(new Attempt(stopped.id(), 0, 1), "part-late.parquet", ids("in:0"));
            assertThatIOException().isThrownBy(stopped::await).withMessageContaining("part-late.parquet");
            assertThat(published()).isEmpty();
            assertThat(next.work()).isNotEqualTo(stopped.work());
        }
    }

    @Test
    void publishesNothingOnceTheTableIsAnothers() throws Exception {
        Publication lost = Publication.open(
                path(table),
                new RowIds(),
                PublishedFiles.into(
                        path(table),
                        path(work),
                        () -> {
                            throw new IOException("lost");
                        },
                        HADOOP),
                CrashedRows.ofExecutors());
        Files.writeString(Path.of(lost.work().toUri()).resolve("part-a.parquet"), "rows");
        lost.offer(new Attempt(lost.id(), 0, 1), "part-a.parquet", ids("in:0"));
        assertThatIOException().isThrownBy(lost::await).withMessage("lost");
        assertThat(published()).isEmpty();
    }

    @Test
    void setsRowsApartThatWereComputedWhenTheirAttemptEndedWithoutAWord() throws Exception {
        try (Publication publication = open(new RowIds())) {
            Attempt first = attempt(publication, 1);
            publication.begin(first, "in:0", List.of());
            publication.begin(first, "in:1", List.of());
            publication.begin(first, "in:2", List.of("in:0"));
            Attempt orderly = new Attempt(publication.id(), 1, 2);
            publication.claim(orderly);
            publication.begin(orderly, "in:7", List.of());
            publication.leave(orderly);
            assertThat(publication
                            .claim(new Attempt(publication.id(), 1, 3))
                            .published()
                            .isEmpty())
                    .isTrue();
            RowIds leftOut =
                    publication.claim(new Attempt(publication.id(), 0, 4)).published();
            assertThat(leftOut.contains("in:1")).isTrue();
            assertThat(leftOut.contains("in:2")).isTrue();
            assertThat(leftOut.size()).isEqualTo(2);
            assertThat(publication.begin(first, "in:3", List.of())).isInstanceOf(CommitReply.Superseded.class);
        }
    }

    @Test
    void computesARowNoMoreThatHasEndedItsProcessTwiceAlone() throws Exception {
        try (Publication publication = open(new RowIds())) {
            publication.begin(attempt(publication, 1), "in:1", List.of());
            publication.compute(Deaths.Kind.ALONE);
            for (int id = 2; id <= 3; id++) {
                Attempt alone = attempt(publication, id);
                assertThat(publication.claim(alone).published().isEmpty()).isTrue();
                assertThat(publication.begin(alone, "in:1", List.of())).isInstanceOf(CommitReply.Granted.class);
            }
            Attempt last = attempt(publication, 4);
            assertThat(publication.begin(last, "in:1", List.of())).isInstanceOf(CommitReply.Crashed.class);
            assertThat(publication.begin(last, "in:2", List.of())).isInstanceOf(CommitReply.Granted.class);
        }
    }

    /** A process that dies tells nothing any more: what it had written says what it would have died of. */
    @Test
    void knowsAfterThisProcessHasDiedWhatItWasComputing() throws Exception {
        Path file = folder.resolve("crashes");
        for (int start = 1; start <= 2; start++) {
            CrashedRows rows = crashedRows(file);
            assertThat(rows.setApart().isEmpty()).isTrue();
            rows.begin(1, "in:1");
            rows.begin(1, "in:2");
            rows.begin(1, "a long name that is gone in the end:3");
            rows.end(1, List.of("in:2", "a long name that is gone in the end:3"));
        }
        CrashedRows third = crashedRows(file);
        assertThat(third.setApart().contains("in:1")).isTrue();
        assertThat(third.setApart().size()).isEqualTo(1);
        third.compute(Deaths.Kind.ALONE);
        assertThat(third.begin(1, "in:1")).isTrue();
        CrashedRows fourth = crashedRows(file);
        assertThat(fourth.begin(1, "in:1")).isFalse();
    }

    private static CrashedRows crashedRows(Path file) throws IOException {
        return CrashedRows.ofThisProcess(new CrashFile(file));
    }

    /** One of the first partition, which has claimed it. */
    private static Attempt attempt(Publication publication, long id) {
        Attempt attempt = new Attempt(publication.id(), 0, id);
        publication.claim(attempt);
        return attempt;
    }

    @Test
    void tellsIdsApartThatLookAlike() {
        RowIds ids = ids("in:7", "in:07", "a:b:7", "7", "in:", "in:1234567890123456789");
        assertThat(ids.size()).isEqualTo(6);
        for (String other : List.of("in:70", "in:007", "b:7", "in", ":7", "in:-7", "in:1234567890123456788")) {
            assertThat(ids.contains(other)).as(other).isFalse();
        }
        assertThat(ids.contains("in:1234567890123456789")).isTrue();
        assertThat(ids.intersects(ids("in:8", "in:07"))).isTrue();
        assertThat(ids.intersects(ids("in:8", "c:7"))).isFalse();
    }

    private Publication open(RowIds earlier) throws IOException {
        return Publication.open(
                path(table),
                earlier,
                PublishedFiles.into(path(table), path(work), () -> {}, HADOOP),
                CrashedRows.ofExecutors());
    }

    private static CommitReply offered(Publication publication, Attempt attempt, String file, String... rows)
            throws IOException {
        Files.writeString(Path.of(publication.work().toUri()).resolve(file), "rows");
        return publication.offer(attempt, file, ids(rows));
    }

    private static RowIds ids(String... rows) {
        RowIds ids = new RowIds();
        Stream.of(rows).forEach(ids::add);
        return ids;
    }

    private List<String> published() throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(PublishedFiles::isOne)
                    .sorted()
                    .toList();
        }
    }

    private static org.apache.hadoop.fs.Path path(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }
}
