package io.sparkvlm.bench.corpus;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A row that a file of a corpus makes. */
enum CorpusRow {
    /** The file is a request's image. */
    IMAGE {
        @Override
        void take(Path file, Preprocessor preprocessor, CorpusTally tally) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            tally.take(file, preprocessor, row(file, IMAGE_BODY, new BinaryColumns(Map.of("file", bytes))));
            tally.compare(file, decoder -> decoder.picture(bytes));
        }
    },
    /** The file is a request's video. */
    VIDEO {
        @Override
        void take(Path file, Preprocessor preprocessor, CorpusTally tally) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            tally.take(file, preprocessor, row(file, VIDEO_BODY, new BinaryColumns(Map.of("file", bytes))));
            tally.compare(file, decoder -> decoder.frames(bytes));
        }
    },
    /** The file is a request. */
    LINE {
        @Override
        void take(Path file, Preprocessor preprocessor, CorpusTally tally) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            try {
                String json = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                tally.take(file, preprocessor, row(file, json, BinaryColumns.NONE));
            } catch (CharacterCodingException e) {
                tally.notUtf8(); // the job's source refuses it before the preprocessing sees it
            }
        }
    },
    /** Each line of the file is what a user writes. */
    TEXT {
        @Override
        void take(Path file, Preprocessor preprocessor, CorpusTally tally) throws IOException {
            for (String line : Files.readString(file).split("\n", -1)) {
                String body = OpenAiJson.write(Map.of("messages", List.of(Map.of("role", "user", "content", line))));
                tally.take(file, preprocessor, row(file, body, BinaryColumns.NONE));
            }
        }
    };

    /** Few pixels, so that a corpus takes minutes: what differs between files is before the resize. */
    private static final String IMAGE_BODY =
            """
            {"messages": [{"role": "user", "content": [
              {"type": "image_url", "image_url": {"url": "column:file", "max_pixels": 100352}},
              {"type": "text", "text": "What is this?"}]}]}
            """;

    private static final String VIDEO_BODY =
            """
            {"messages": [{"role": "user", "content": [
              {"type": "video_url", "video_url": {"url": "column:file", "nframes": 2, "max_pixels": 100352}},
              {"type": "text", "text": "What is this?"}]}]}
            """;

    abstract void take(Path file, Preprocessor preprocessor, CorpusTally tally) throws IOException;

    private static RequestRow row(Path file, String json, BinaryColumns columns) {
        return new RequestRow(file.toString(), Optional.empty(), json, columns);
    }
}
