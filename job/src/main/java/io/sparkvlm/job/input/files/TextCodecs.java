package io.sparkvlm.job.input.files;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.parquet.hadoop.codec.ZstandardCodec;

/** Opens files of lines as text, unpacked where their names say that they are packed. */
public final class TextCodecs {
    private static final String CODECS = "io.compression.codecs";

    private TextCodecs() {}

    /** Hadoop's settings with a codec for {@code .zst}: Hadoop's own needs natives that Spark does not bring. */
    public static Configuration in(Configuration hadoop) {
        Configuration configuration = new Configuration(hadoop);
        String others = configuration.get(CODECS, "");
        configuration.set(CODECS, (others.isBlank() ? "" : others + ",") + Zstandard.class.getName());
        return configuration;
    }

    /** A file's text. */
    static InputStream open(Path file, Configuration configuration) throws IOException {
        FileSystem system = file.getFileSystem(configuration);
        CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(file);
        InputStream packed = system.open(file);
        try {
            return codec == null ? packed : codec.createInputStream(packed);
        } catch (IOException | RuntimeException e) {
            packed.close();
            throw e;
        }
    }

    /** Parquet's codec, which has its library in it, under the name of such files. */
    public static final class Zstandard extends ZstandardCodec {
        @Override
        public String getDefaultExtension() {
            return ".zst";
        }
    }
}
