package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.bench.LetterWords;
import io.sparkvlm.bench.NoisyPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes the requests of a workload and the pictures that they name; the same ones every time. */
final class WorkloadMaker {
    private static final int TURNS = 4;

    private final Path folder;

    /** Pictures and request files go into a folder. */
    WorkloadMaker(Path folder) {
        this.folder = folder;
    }

    Workload make(WorkloadKind kind, int count) throws IOException {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request(kind, i));
        }
        if (kind == WorkloadKind.W6) {
            Collections.shuffle(requests, new Random(66));
        }
        return Workload.write(kind, requests, folder);
    }

    /** For the time from start to first token. */
    Workload oneToken() throws IOException {
        Request request = new Request("one", List.of(Request.user(List.of(text(1, 64)))), 1, 0);
        Path file = folder.resolve("one.jsonl");
        Files.writeString(file, request.line() + "\n");
        return new Workload(WorkloadKind.W2, List.of(request), file);
    }

    private Request request(WorkloadKind kind, int i) throws IOException {
        String id = kind + "-" + i;
        return switch (kind) {
            case W1 -> new Request(id, question(picture(1_000 + i, 980, 980), 100 + i, 100), 32, 0);
            case W2 -> new Request(id, List.of(Request.user(List.of(text(200 + i, 64)))), 128, 0);
            case W2_SAMPLED -> new Request(id, List.of(Request.user(List.of(text(200 + i, 64)))), 128, 1);
            case W4 -> new Request(id, question(picture(1_000, 980, 980), 400 + i, 100), 32, 0);
            case W5 -> new Request(id, conversation(i / TURNS, i % TURNS), 32, 0);
            case W6 -> mixed(id, i);
        };
    }

    private static List<JsonNode> question(JsonNode picture, int seed, int tokens) {
        return List.of(Request.user(List.of(picture, text(seed, tokens))));
    }

    private List<JsonNode> conversation(int number, int lastTurn) throws IOException {
        List<JsonNode> messages = new ArrayList<>(question(picture(3_000 + number, 672, 504), 5_000 + number, 40));
        for (int turn = 1; turn <= lastTurn; turn++) {
            messages.add(Request.assistant(LetterWords.of(6_000 + TURNS * number + turn, 32)));
            messages.add(Request.user(List.of(text(7_000 + TURNS * number + turn, 40))));
        }
        return messages;
    }

    /** A quarter text only, a half with pictures, a quarter with frames. */
    private Request mixed(String id, int i) throws IOException {
        Random random = new Random(60_000 + i);
        List<JsonNode> parts = new ArrayList<>();
        switch (i % 4) {
            case 1, 2 -> {
                for (int picture = 0; picture <= i / 4 % 4; picture++) {
                    int width = 200 + random.nextInt(1_401);
                    int height = Math.max(150, (int) (width * (0.6 + 0.15 * random.nextDouble())));
                    parts.add(picture(10_000 + 10 * i + picture, width, height));
                }
            }
            case 3 -> {
                List<String> frames = new ArrayList<>();
                int count = 2 * (1 + random.nextInt(4));
                for (int frame = 0; frame < count; frame++) {
                    // Multiples of 28, which are not resized: the bounds of a frame differ between processors.
                    frames.add(file(20_000 + 10 * i + frame, 448, 336));
                }
                parts.add(Request.video(frames));
            }
            default -> {} // text only
        }
        int tokens = (int) Math.round(20 * Math.pow(1_500.0 / 20, random.nextDouble()));
        parts.add(text(8_000 + i, tokens));
        return new Request(id, List.of(Request.user(parts)), 1 + random.nextInt(200), 0);
    }

    private static JsonNode text(int seed, int tokens) {
        return Request.text(LetterWords.of(seed, tokens));
    }

    private JsonNode picture(int seed, int width, int height) throws IOException {
        return Request.image(file(seed, width, height));
    }

    /** Its path from the folder. */
    private String file(int seed, int width, int height) throws IOException {
        String name = "%d-%dx%d.jpg".formatted(seed, width, height);
        if (Files.notExists(folder.resolve(name))) {
            Files.write(folder.resolve(name), NoisyPicture.jpeg(seed, width, height));
        }
        return name;
    }
}
