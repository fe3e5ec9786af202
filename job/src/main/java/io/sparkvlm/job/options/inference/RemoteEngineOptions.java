package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.remote.RemoteSettings;
import io.sparkvlm.spark.remote.ServedModel;
import io.sparkvlm.spark.remote.ServerCommand;
import io.sparkvlm.spark.remote.ServersSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.spark.settings.RemoteEngine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options that send rows to servers of OpenAI's protocol instead of the job's own engine. */
@HelpGroup.Of(HelpGroup.OTHER_ENGINES)
public final class RemoteEngineOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--engine",
            defaultValue = "own",
            paramLabel = "ENGINE",
            description =
                    "What answers: own, in each executor, or openai, servers of OpenAI's protocol (default: ${DEFAULT-VALUE}).")
    private Kind kind;

    @Option(
            names = "--engine-url",
            split = ",",
            paramLabel = "URL",
            description =
                    "The servers of --engine=openai that run already, as http://host:8000; OPENAI_API_KEY has their key.")
    private List<URI> urls = List.of();

    @Option(
            names = "--engine-command",
            defaultValue = "",
            paramLabel = "COMMAND",
            description =
                    "The shell command by which each executor starts a server for itself instead, with {port}, {model} and"
                            + " {gpu} in it.")
    private String template;

    @Option(
            names = "--engine-health",
            defaultValue = "/health",
            paramLabel = "PATH",
            description = "Where that server answers once it takes requests (default: ${DEFAULT-VALUE}).")
    private String healthPath;

    @Option(
            names = "--engine-start-timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description = "Longest wait for it to start (default: ${DEFAULT-VALUE}).")
    private int startTimeoutSeconds;

    @Option(
            names = "--engine-restarts",
            defaultValue = "3",
            paramLabel = "N",
            description = "How often an executor starts it again when it ends (default: ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--engine-model",
            defaultValue = "",
            paramLabel = "NAME",
            description =
                    "What the servers call the model (default: the only one that they have; with --engine-command, {model}).")
    private String model;

    @Option(
            names = "--engine-concurrency",
            defaultValue = "64",
            paramLabel = "N",
            description = "Rows that an executor has at one server at once (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--engine-answer-timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description = "Longest wait for a server's answer (default: ${DEFAULT-VALUE}).")
    private int answerTimeoutSeconds;

    /** What answers the rows; the option takes these names in lower case. */
    private enum Kind {
        OWN,
        OPENAI
    }

    /** Makes the job's configuration; asks the servers what they call their model, where that is not given. */
    public InferenceConfig config(InferenceOptions others, Configuration hadoop)
            throws JobRefusedException, InterruptedException {
        if (kind == Kind.OWN) {
            if (!urls.isEmpty() || !template.isEmpty()) {
                throw new JobRefusedException("expected --engine=openai with "
                        + (urls.isEmpty() ? "--engine-command" : "--engine-url") + ", found --engine=own");
            }
            return others.config(hadoop);
        }
        requireNoneOfTheOwnEngine();
        tellWhatIsNotInForce();
        return others.config(servers(others.model()), hadoop);
    }

    private RemoteEngine servers(String checkpoint) throws JobRefusedException, InterruptedException {
        if (!urls.isEmpty() && !template.isEmpty()) {
            throw new JobRefusedException(
                    "expected --engine-url, for servers that run, or --engine-command, to start them, found both");
        }
        try {
            return template.isEmpty()
                    ? running()
                    : started(ModelFolder.ofThisMachine().portableName(checkpoint));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }

    private RemoteEngine running() throws IOException, InterruptedException {
        RemoteSettings settings = RemoteSettings.of(urls, concurrency, Duration.ofSeconds(answerTimeoutSeconds));
        return new RemoteEngine(
                new ServersSource.Running(settings),
                model.isEmpty() ? ServedModel.ask(settings, RemoteEngine.apiKey()) : model);
    }

    private RemoteEngine started(String checkpoint) {
        ServerCommand command =
                new ServerCommand(template, checkpoint, healthPath, Duration.ofSeconds(startTimeoutSeconds), restarts);
        return new RemoteEngine(
                new ServersSource.Started(command, concurrency, Duration.ofSeconds(answerTimeoutSeconds)),
                model.isEmpty() ? checkpoint : model);
    }

    /** What a command line says of the own engine would be forgotten without a word. */
    private void requireNoneOfTheOwnEngine() throws JobRefusedException {
        ParseResult given = command.commandLine().getParseResult();
        Optional<String> own = optionsOfTheOwnEngine()
                .map(OptionSpec::longestName)
                .filter(given::hasMatchedOption)
                .findFirst();
        if (own.isPresent()) {
            throw new JobRefusedException(
                    own.get() + " is of the job's own engine: with --engine=openai the servers' own flags say it");
        }
    }

    /** What a file or Spark's configuration says of it is for other jobs too, so these are told and not refused. */
    private void tellWhatIsNotInForce() {
        String keys = optionsOfTheOwnEngine()
                .filter(this::isConfigured)
                .map(option -> option.longestName().substring("--".length()))
                .collect(Collectors.joining(", "));
        if (!keys.isEmpty()) {
            command.commandLine()
                    .getErr()
                    .println("sparkvlm: not in force with --engine=openai, of the job's own engine: " + keys);
        }
    }

    /** All but the context, which rows are judged by here. */
    private static Stream<OptionSpec> optionsOfTheOwnEngine() {
        return CommandSpec.forAnnotatedObject(new EngineOptions()).options().stream()
                .filter(option -> !option.longestName().equals("--max-model-len"));
    }

    private boolean isConfigured(OptionSpec option) {
        IDefaultValueProvider configured = command.defaultValueProvider();
        if (configured == null) {
            return false;
        }
        try {
            String value = configured.defaultValue(command.findOption(option.longestName()));
            return value != null && !value.equals(option.defaultValue());
        } catch (Exception e) { // picocli's interface throws any
            throw new IllegalStateException("the default of " + option.longestName() + " cannot be read", e);
        }
    }
}
