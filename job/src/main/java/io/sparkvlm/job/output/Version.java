package io.sparkvlm.job.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Reads the version that the build wrote into the jar. */
public final class Version {
    private static final String FILE = "/io/sparkvlm/job/version.properties";

    private Version() {}

    public static String text() throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream(FILE)) {
            properties.load(stream);
        }
        return properties.getProperty("version");
    }
}
