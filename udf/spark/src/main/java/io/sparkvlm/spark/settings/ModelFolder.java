package io.sparkvlm.spark.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the checkpoint that {@code --model} names on this machine: a folder, or {@code Org/Name} in the local cache
 * of the Hugging Face hub. Never asks the network.
 */
public final class ModelFolder {
    /** Hugging Face's repository ids: one slash, and nothing that could climb out of the cache. */
    private static final Pattern HUB_NAME = Pattern.compile("[\\w-][\\w.-]*/[\\w-][\\w.-]*");

    private final Map<String, String> environment;
    private final Path home;

    ModelFolder(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    public static ModelFolder ofThisMachine() {
        return new ModelFolder(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The checkpoint's folder.
     *
     * @throws IOException naming what was looked for, where, and what to do
     */
    public Path resolve(String model) throws IOException {
        Path folder = Path.of(model);
        if (Files.isDirectory(folder)) {
            return checkpoint(folder.toAbsolutePath().normalize());
        }
        if (Files.exists(folder)) {
            throw new NotDirectoryException("expected model to be a folder with config.json, found a file: " + model);
        }
        if (!HUB_NAME.matcher(model).matches()) {
            throw new NoSuchFileException(
                    "expected model to be a folder or Org/Name in the Hugging Face cache, found no" + " folder "
                            + folder.toAbsolutePath());
        }
        return checkpoint(snapshot(model));
    }

    /** The model as another machine can resolve it: a folder by its absolute path, a hub name as it is. */
    public String portableName(String model) throws IOException {
        Path folder = resolve(model);
        return Files.isDirectory(Path.of(model)) ? folder.toString() : model;
    }

    private Path snapshot(String model) throws IOException {
        Path hub = hubCache();
        Path repository = hub.resolve("models--" + model.replace("/", "--"));
        Path main = repository.resolve("refs").resolve("main");
        if (!Files.isRegularFile(main)) {
            throw new NoSuchFileException("model " + model + " is neither a folder nor in the Hugging Face cache " + hub
                    + " (no " + repository.getFileName() + "/refs/main there): download it with \"hf download " + model
                    + "\", or point HF_HUB_CACHE or HF_HOME to the cache that has it");
        }
        Path snapshot =
                repository.resolve("snapshots").resolve(Files.readString(main).strip());
        if (!Files.isDirectory(snapshot)) {
            throw new NoSuchFileException("the Hugging Face cache names a snapshot of " + model + " that is not there: "
                    + snapshot + "; download it again with \"hf download " + model + "\"");
        }
        return snapshot;
    }

    /** The order of huggingface_hub's constants.py. */
    private Path hubCache() {
        if (environment.containsKey("HF_HUB_CACHE")) {
            return Path.of(environment.get("HF_HUB_CACHE"));
        }
        if (environment.containsKey("HF_HOME")) {
            return Path.of(environment.get("HF_HOME")).resolve("hub");
        }
        if (environment.containsKey("XDG_CACHE_HOME")) {
            return Path.of(environment.get("XDG_CACHE_HOME"))
                    .resolve("huggingface")
                    .resolve("hub");
        }
        return home.resolve(".cache").resolve("huggingface").resolve("hub");
    }

    private static Path checkpoint(Path folder) throws IOException {
        if (!Files.isReadable(folder.resolve("config.json"))) {
            throw new NoSuchFileException("expected a checkpoint with a readable config.json in " + folder
                    + ", found none; --model takes the folder that holds it");
        }
        return folder;
    }
}
