package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.ServerOptions;
import io.sparkvlm.job.options.SourceOptions;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.job.options.inference.InferenceOptions;
import io.sparkvlm.job.options.inference.RequestOptions;
import io.sparkvlm.job.run.StopSignals;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.server.ServerSettings;
import io.sparkvlm.server.ServerSettings.EngineTraits;
import io.sparkvlm.server.VlmServer;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: answers requests over HTTP as OpenAI's server does. Starts no Spark. */
@Command(
        name = "serve",
        customSynopsis = "sparkvlm serve --model=MODEL [OPTIONS]",
        description = "Answers OpenAI chat requests over HTTP, whole or as they are generated.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    /** OpenAI's own bound of {@code n}. */
    private static final int MOST_CHOICES = 128;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private RequestOptions requests;

    @Mixin
    private ServerOptions options;

    @Mixin
    private SourceOptions sources;

    @Override
    public Integer call() throws JobRefusedException, InterruptedException {
        InferenceConfig config = new InferenceOptions(model.model(), engine, requests).config(MOST_CHOICES, hadoop());
        config.ownEngine().requireDevice();
        ServerSettings settings = options.settings(
                config.preprocessing().config().servedModelNames(),
                new EngineTraits(config.inFlight().rows(), config.inFlight().stallTimeout()),
                System.getenv());
        try (VlmServer server = started(settings, config);
                StopSignals.Running running = StopSignals.during(() -> server.stop(options.stopTimeout()))) {
            warnOfStrangers(settings);
            spec.commandLine().getOut().println("listening on http://" + settings.host() + ":" + server.port() + "/v1");
            server.join();
        }
        return ExitCode.DONE.code();
    }

    /** Opens folders of Hadoop's file systems as a job with the same settings would. */
    private Configuration hadoop() {
        SparkConf conf = new SparkConf();
        sources.conf().forEach(conf::set);
        return SparkHadoopUtil.get().newConfiguration(conf);
    }

    private static VlmServer started(ServerSettings settings, InferenceConfig config) throws JobRefusedException {
        EngineSource source = config.ownEngine();
        try {
            Preprocessor preprocessor = config.preprocessing().open();
            return VlmServer.start(settings, preprocessor, () -> source.open(List.of()));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(
                    "the server does not start on " + settings.host() + ":" + settings.port() + ": " + RootCause.of(e),
                    e);
        }
    }

    private void warnOfStrangers(ServerSettings settings) {
        if (settings.apiKey().isEmpty() && !isLoopback(settings.host())) {
            spec.commandLine()
                    .getErr()
                    .println("sparkvlm: every client that reaches " + settings.host() + " is answered: set "
                            + ServerOptions.API_KEY_VARIABLE + " to a key that clients must have");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
