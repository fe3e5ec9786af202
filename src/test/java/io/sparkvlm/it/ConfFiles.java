package io.sparkvlm.it;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The files of conf/spark, put together as docs/how-to/cluster.md says. */
final class ConfFiles {
    static final Path CONF = Path.of("../../conf").toAbsolutePath().normalize();

    /** Where a job runs, and what its executors compute on. */
    static final List<List<String>> COMBINATIONS = List.of(
            List.of("local", "cpu"),
            List.of("local"),
            List.of("local", "rapids"),
            List.of("standalone", "cpu"),
            List.of("standalone", "gpu"),
            List.of("standalone", "gpu", "rapids"),
            List.of("yarn", "cpu"),
            List.of("yarn", "gpu"),
            List.of("yarn", "gpu", "rapids"),
            List.of("kubernetes", "cpu"),
            List.of("kubernetes", "gpu"),
            List.of("kubernetes", "gpu", "rapids"));

    private ConfFiles() {}

    /** The text of the files, one after the other. */
    static String text(List<String> names) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(Files.readString(file(name)));
        }
        return text.toString();
    }

    static Map<String, String> settings(String name) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file(name))) {
            properties.load(reader);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> settings.put((String) key, ((String) value).strip()));
        return settings;
    }

    static Path file(String name) {
        return CONF.resolve("spark").resolve(name + ".conf");
    }
}
