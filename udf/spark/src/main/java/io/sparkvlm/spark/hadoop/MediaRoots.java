package io.sparkvlm.spark.hadoop;

import io.sparkvlm.preprocessing.fetch.RemoteStore;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Holds the folders of Hadoop's file systems that requests may name. Travels to the executors with the driver's
 * settings of Hadoop, because an executor's machine may have others or none.
 *
 * @param roots as {@code s3a://bucket/pictures}
 * @param hadoop Hadoop's settings, credentials among them; none without roots
 */
public record MediaRoots(List<String> roots, Map<String, String> hadoop) implements Serializable {
    /** No folder at all. */
    public static final MediaRoots CLOSED = new MediaRoots(List.of(), Map.of());

    /** Hadoop has file systems for these too, which would go around what guards the others. */
    private static final Set<String> GUARDED_ELSEWHERE = Set.of("file", "http", "https", "data", "column");

    public MediaRoots {
        roots = List.copyOf(roots);
        hadoop = Map.copyOf(hadoop);
    }

    public static MediaRoots of(List<String> roots, Configuration hadoop) {
        Map<String, String> settings = new TreeMap<>();
        if (!roots.isEmpty()) {
            hadoop.forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
        }
        return new MediaRoots(roots, settings);
    }

    /**
     * Opens the roots on this machine, if there are any; asks no other machine.
     *
     * @throws IOException when there is no file system for a root's scheme
     * @throws IllegalArgumentException naming what is no root
     */
    public Optional<RemoteStore> open() throws IOException {
        if (roots.isEmpty()) {
            return Optional.empty();
        }
        Configuration configuration = new Configuration(false);
        hadoop.forEach(configuration::set);
        List<HadoopLocation> locations =
                roots.stream().map(root -> location(root, configuration)).toList();
        for (HadoopLocation location : locations) {
            FileSystem.getFileSystemClass(location.scheme(), configuration);
        }
        return Optional.of(new HadoopStore(locations, configuration));
    }

    private static HadoopLocation location(String root, Configuration hadoop) {
        return HadoopLocation.parse(root, hadoop)
                .filter(location -> !GUARDED_ELSEWHERE.contains(location.scheme()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a folder as hdfs://namenode/pictures in allowed-media-roots, found \"" + root
                                + "\"; allowed-local-media-path opens a local one, allowed-media-domains a host"));
    }

    /** Without the settings, which hold credentials. */
    @Override
    public String toString() {
        return "MediaRoots" + roots;
    }
}
