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
                        HADOOP));
        Files.writeString(Path.of(lost.work().toUri()).resolve("part-a.parquet"), "rows");
        lost.offer(new Attempt(lost.id(), 0, 1), "part-a.parquet", ids("in:0"));
        assertThatIOException().isThrownBy(lost::await).withMessage("lost");
        assertThat(published()).isEmpty();
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
        return Publication.open(path(table), earlier, PublishedFiles.into(path(table), path(work), () -> {}, HADOOP));
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
