package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.torch.natives.NativeLibraries;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/**
 * The command that starts a child: with this process's Java, the few jars that decoders need, none of this process's
 * environment, and limits that hold before the first line of native code.
 *
 * @param mainClass {@link DecoderMain}, or what tests put in its place
 * @param classPath folders and jars on this machine
 */
record ChildCommand(String mainClass, List<Path> classPath) {
    /**
     * Enough for the picture of a PNG of the largest default size, which is inflated on the heap, and for the tables of
     * a progressive JPEG. 280 MiB of it are OpenBLAS's and other buffers that are never touched, so that with the
     * buffer's 537 MB a child stays below 1.5 GB.
     */
    private static final int DATA_KIB = 1120 << 10;

    private static final int HEAP_MIB = 704;
    private static final int CPU_SECONDS = 900;
    private static final int OPEN_FILES = 64;

    /** A limit that is lower already is as good. $1 is ulimit's option, $2 the limit. */
    private static final String UNDER_LIMITS =
            "lower() { ulimit \"$1\" \"$2\" 2>/dev/null || [ \"$(ulimit \"$1\")\" -le \"$2\" ]; }; "
                    + "lower -c 0 && lower -d " + DATA_KIB + " && lower -t " + CPU_SECONDS + " && lower -n "
                    + OPEN_FILES + " && exec \"$@\"; echo \"the limits of a decoder could not be set\" >&2; exit 1";

    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx" + HEAP_MIB + "m",
            // One picture is one array: it must fit the old generation, which is what the young one leaves.
            "-Xmn16m",
            "-Xms24m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:MaxHeapFreeRatio=40",
            "-XX:CICompilerCount=2",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:MaxMetaspaceSize=64m",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+ErrorFileToStderr",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-Xshare:auto",
            "-Djava.awt.headless=true");

    /** The variables that a process of this machine may need to start and to read its arguments. */
    private static final List<String> KEPT_ENVIRONMENT = List.of("LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH");

    private static final String NATIVES = "/org/bytedeco/%s/%s/%s";

    ChildCommand {
        classPath = List.copyOf(classPath);
    }

    /**
     * The class path is where our classes, JavaCPP's, OpenCV's and FFmpeg's, and their libraries, were loaded from
     * here: the build's folders and Maven's jars, or the one jar that was submitted.
     *
     * @throws IOException when one of them is no file of this machine
     */
    static ChildCommand ofThisProcess() throws IOException {
        Set<Path> path = new LinkedHashSet<>();
        for (Class<?> type : List.of(
                DecoderMain.class,
                Outcome.class,
                NativeLibraries.class,
                Loader.class,
                opencv_imgcodecs.class,
                org.bytedeco.openblas.global.openblas.class,
                avformat.class)) {
            path.add(origin(type, type.getSimpleName() + ".class"));
        }
        String platform = Loader.Detector.getPlatform();
        path.add(origin(Loader.class, NATIVES.formatted("javacpp", platform, "libjnijavacpp.so")));
        path.add(origin(Loader.class, NATIVES.formatted("openblas", platform, "libjniopenblas.so")));
        path.add(origin(Loader.class, NATIVES.formatted("opencv", platform, "libjniopencv_imgcodecs.so")));
        path.add(origin(Loader.class, NATIVES.formatted("ffmpeg", platform, "libjniavformat.so")));
        return new ChildCommand(DecoderMain.class.getName(), List.copyOf(path));
    }

    /** The jar or folder that has this resource. */
    private static Path origin(Class<?> type, String resource) throws IOException {
        URL url = Optional.ofNullable(type.getResource(resource))
                .orElseThrow(() -> new IOException("expected " + resource + " on the class path, found none"));
        try {
            if (url.openConnection() instanceof JarURLConnection jar) {
                return Path.of(jar.getJarFileURL().toURI());
            }
            Path file = Path.of(url.toURI());
            String name = resource.startsWith("/") ? resource.substring(1) : packageFolder(type) + resource;
            return file.getRoot()
                    .resolve(file.subpath(0, file.getNameCount() - Path.of(name).getNameCount()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("expected " + resource + " in a file of this machine, found it in " + url, e);
        }
    }

    private static String packageFolder(Class<?> type) {
        return type.getPackageName().replace('.', '/') + "/";
    }

    /** Starts a child that sees this buffer. */
    Process start(SharedFrameBuffer buffer) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNDER_LIMITS, "decoder"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + NativeLibraries.cacheFolder());
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
        command.add(mainClass);
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.add(buffer.file().toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(KEPT_ENVIRONMENT);
        environment.put("OPENBLAS_NUM_THREADS", "1");
        environment.put("MALLOC_ARENA_MAX", "2");
        return builder.start();
    }
}
