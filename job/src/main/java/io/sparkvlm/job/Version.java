package io.sparkvlm.job;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Reads the version that the build wrote into the jar. */
final class Version {
    private static final String FILE = "/io/sparkvlm/job/version.properties";

    private Version() {}

    static String text() throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream(FILE)) {
            properties.load(stream);
        }
        return properties.getProperty("version");
    }
}
