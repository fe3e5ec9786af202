package io.sparkvlm.engine.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trace in the format that Chrome's trace viewer and Perfetto read ("Trace Event Format", the array of events, whose end
 * may be missing). A file that cannot be written any more ends there; the engine goes on.
 */
public final class TraceFile implements Trace {
    private static final Logger LOG = LoggerFactory.getLogger(TraceFile.class);

    /** Engines that open a trace of the same name each have their own file. */
    private static final int MOST_FILES = 1000;

    /** Shorter ones would be most of the file. */
    private static final long SHORTEST_PHASE_NANOS = 1000;

    private static final long THREAD = 1;

    private final Path file;
    private final JsonGenerator json;
    private boolean broken;

    private TraceFile(Path file, JsonGenerator json) throws IOException {
        this.file = file;
        this.json = json;
        json.writeStartArray();
    }

    /**
     * Makes the file, or NAME-2, NAME-3 and so on where there is one.
     *
     * @throws UncheckedIOException saying which file cannot be made
     */
    public static Trace open(Path wanted) {
        for (int number = 1; number <= MOST_FILES; number++) {
            Path file = numbered(wanted, number);
            try {
                return new TraceFile(
                        file,
                        new JsonFactory()
                                .createGenerator(new BufferedOutputStream(
                                        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))));
            } catch (FileAlreadyExistsException e) {
                LOG.debug("{} is there already", file, e);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "expected a profile that can be written, in a folder that is there, found " + file, e);
            }
        }
        throw new IllegalArgumentException(
                "expected a profile's name that fewer than " + MOST_FILES + " files have, found " + wanted);
    }

    private static Path numbered(Path wanted, int number) {
        if (number == 1) {
            return wanted;
        }
        String name = wanted.getFileName().toString();
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        return wanted.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
    }

    @Override
    public void phase(StepPhase phase, long fromNanos, long toNanos) {
        if (toNanos - fromNanos >= SHORTEST_PHASE_NANOS) {
            write(() -> {
                begin(phase.wireName(), fromNanos, toNanos);
                json.writeEndObject();
            });
        }
    }

    @Override
    public void step(StepFigures figures, long fromNanos, long toNanos) {
        write(() -> {
            begin("step", fromNanos, toNanos);
            json.writeObjectFieldStart("args");
            json.writeNumberField("sequences", figures.sequences());
            json.writeNumberField("tokens", figures.tokens());
            json.writeNumberField("chosen_tokens", figures.chosenTokens());
            json.writeNumberField("cached_tokens", figures.cachedTokens());
            json.writeNumberField("encoded_media", figures.encodedMedia());
            json.writeNumberField("preemptions", figures.preemptions());
            json.writeNumberField("waiting", figures.waiting());
            json.writeNumberField("free_blocks", figures.freeBlocks());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** A complete event, "X". Times are microseconds of the machine's clock: processes on it have theirs side by side. */
    private void begin(String name, long fromNanos, long toNanos) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("ph", "X");
        json.writeNumberField("pid", ProcessHandle.current().pid());
        json.writeNumberField("tid", THREAD);
        json.writeNumberField("ts", fromNanos / 1e3);
        json.writeNumberField("dur", (toNanos - fromNanos) / 1e3);
    }

    @Override
    public void close() {
        write(json::close);
    }

    /** Writes what one event is made of. */
    @FunctionalInterface
    private interface Event {
        void write() throws IOException;
    }

    private void write(Event event) {
        if (broken) {
            return;
        }
        try {
            event.write();
        } catch (IOException e) {
            broken = true;
            LOG.warn("The profile {} ends here: it cannot be written any more.", file, e);
        }
    }
}
