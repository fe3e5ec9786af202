package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Generation;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.fetch.RemoteStore;
import io.sparkvlm.preprocessing.fetch.http.WebStore;
import io.sparkvlm.preprocessing.openai.Delivery;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prompt.CheckpointSettings;
import io.sparkvlm.preprocessing.prompt.ContextLength;
import io.sparkvlm.preprocessing.prompt.PromptEncoder;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import io.sparkvlm.preprocessing.request.validation.RequestRules;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a table's row to the engine, and what the engine generated back to an answer.
 *
 * <p>{@link #prepare} judges a row and fetches its media, {@link #encode} decodes them into a task for the engine, and
 * {@link #complete} writes what the engine generated as an answer. Where the first two run on different machines, {@link
 * #resize} between them does the decoding where the first one ran, and leaves plain data.
 *
 * <p>Thread-safe: one for each JVM and configuration, used by all of its tasks. It holds the tokenizer's native memory
 * and the decoders' processes until closed.
 */
public final class Preprocessor implements AutoCloseable {
    /** Beside it the heap holds the rows of all tasks. */
    private static final long CACHE_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final MediaFetcher fetcher;
    private final PromptEncoder prompts;
    private final MediaDecoder decoder;
    private final int maxModelLen;
    private final RowPreparer preparer;
    private final RowPreparer judge;
    private final RowResizer resizer;
    private final RowEncoder encoder;
    private final CompletionWriter completions;

    private Preprocessor(
            MediaFetcher fetcher,
            PromptEncoder prompts,
            MediaDecoder decoder,
            int maxModelLen,
            RowPreparer preparer,
            RowResizer resizer,
            RowEncoder encoder,
            CompletionWriter completions) {
        this.fetcher = fetcher;
        this.prompts = prompts;
        this.decoder = decoder;
        this.maxModelLen = maxModelLen;
        this.preparer = preparer;
        this.judge = preparer.readingHeaders();
        this.resizer = resizer;
        this.encoder = encoder;
        this.completions = completions;
    }

    /**
     * Reads the checkpoint's settings, template and tokenizer; its weights are not touched.
     *
     * @param stores what requests may name on other machines, beside the web; closed with the preprocessor, or when this
     *     throws
     * @throws IOException when the checkpoint or the allowed folder is missing or broken, or decoders
     *     do not start
     * @throws IllegalArgumentException when the configuration asks for a longer context than the model has, or for
     *     sampling parameters that a request could not have
     */
    public static Preprocessor open(Path checkpoint, PreprocessingConfig config, List<RemoteStore> stores)
            throws IOException {
        return open(checkpoint, config, stores, Clock.systemUTC());
    }

    /** Opens one that reads from no machines but the web's. */
    public static Preprocessor open(Path checkpoint, PreprocessingConfig config) throws IOException {
        return open(checkpoint, config, List.of());
    }

    /** Opens one whose answers were created when this clock says. */
    static Preprocessor open(Path checkpoint, PreprocessingConfig config, Clock clock) throws IOException {
        return open(checkpoint, config, List.of(), clock);
    }

    private static Preprocessor open(Path checkpoint, PreprocessingConfig config, List<RemoteStore> stores, Clock clock)
            throws IOException {
        MediaFetcher fetcher = fetcher(config, stores);
        try {
            return open(checkpoint, config, fetcher, clock);
        } catch (IOException | RuntimeException | LinkageError e) {
            fetcher.close();
            throw e;
        }
    }

    private static MediaFetcher fetcher(PreprocessingConfig config, List<RemoteStore> stores) throws IOException {
        List<RemoteStore> all = new ArrayList<>(stores);
        if (config.webAccess().isOpen()) {
            all.add(new WebStore(config.webAccess()));
        }
        try {
            return new MediaFetcher(
                    config.localFolder(), all, DownloadLimits.DEFAULT.withDeadline(config.mediaTimeout()));
        } catch (IOException | RuntimeException e) {
            all.forEach(RemoteStore::close);
            throw e;
        }
    }

    private static Preprocessor open(Path checkpoint, PreprocessingConfig config, MediaFetcher fetcher, Clock clock)
            throws IOException {
        PromptEncoder prompts = PromptEncoder.open(checkpoint);
        CheckpointSettings settings = prompts.settings();
        int maxModelLen = config.maxModelLen().isOfTheModel()
                ? settings.contextTokens()
                : config.maxModelLen().tokens();
        if (maxModelLen < 2 || maxModelLen > settings.contextTokens()) {
            prompts.close();
            throw new IllegalArgumentException("expected max-model-len from 2 to the model's "
                    + settings.contextTokens() + " (max_position_embeddings), found " + maxModelLen);
        }
        ContextLength context = new ContextLength(maxModelLen);
        RequestValidator validator;
        MediaDecoder decoder;
        try {
            validator = new RequestValidator(rules(config, settings));
            decoder = config.decoderIsolation().open(config.mediaLimits());
        } catch (IOException | RuntimeException | LinkageError e) {
            prompts.close();
            throw e;
        }
        MediaEncoder media = new MediaEncoder(config.videoLimits(), decoder, CACHE_BYTES);
        return new Preprocessor(
                fetcher,
                prompts,
                decoder,
                maxModelLen,
                new RowPreparer(
                        validator,
                        new MediaPlanner(
                                fetcher,
                                config.mediaLimits(),
                                config.videoLimits(),
                                decoder,
                                context,
                                settings.geometry()),
                        prompts,
                        context),
                new RowResizer(media),
                new RowEncoder(prompts, media),
                new CompletionWriter(clock));
    }

    private static RequestRules rules(PreprocessingConfig config, CheckpointSettings settings) {
        return new RequestRules(
                config.servedModelNames(),
                config.strictness(),
                config.imagePixels(),
                config.mediaPerPrompt(),
                config.mostChoices(),
                switch (config.samplingDefaults()) {
                    case OPENAI -> SamplingDefaults.OPENAI;
                    case VLLM -> SamplingDefaults.VLLM;
                    case CHECKPOINT -> settings.sampling();
                },
                config.sampling(),
                config.seed(),
                settings.vocabularySize());
    }

    /** Tokens that a prompt and its answer may have together. */
    public int maxModelLen() {
        return maxModelLen;
    }

    /** How the checkpoint cuts pictures. */
    public PatchGeometry geometry() {
        return prompts.settings().geometry();
    }

    /** Equal for checkpoints that make the same token ids of the same chat. */
    public String promptFingerprint() {
        return prompts.fingerprint();
    }

    /** Parses, judges, fetches, checks headers and the context's length; decodes nothing and never throws for a row. */
    public PreparedRow prepare(RequestRow row) {
        try (PendingRow pending = begin(row)) {
            return pending.finish();
        }
    }

    /** The first half of {@link #prepare}: the row's media are being fetched from other machines when this returns. */
    public PendingRow begin(RequestRow row) {
        return preparer.begin(row);
    }

    /**
     * Begins with a row that is only judged: of pictures on other machines no more is read than holds their headers, so what
     * comes of it is not decoded.
     */
    public PendingRow beginToJudge(RequestRow row) {
        return judge.begin(row);
    }

    /**
     * Hashes what decides the row's answer, to find rows that have the same: the judged request, media by the bytes that the
     * row holds or else by what names them. Nothing where the row's id decides too, as it does where tokens are drawn
     * without a seed of the request's own, and nothing for what is no valid request.
     */
    public Optional<String> key(RequestRow row) {
        return preparer.key(row);
    }

    /** Decodes and resizes the media, so that {@link #encode} only cuts them; a row that was rejected stays so. */
    public PreparedRow resize(PreparedRow row) {
        return resizer.resize(row, MediaForm.FRAMES);
    }

    /** Decodes and resizes the media into pictures that are compressed without a loss, for a table that is kept. */
    public PreparedRow resizeToKeep(PreparedRow row) {
        return resizer.resize(row, MediaForm.PNG_FRAMES);
    }

    /** Decodes and resizes what is not yet and puts the prompt together; a row that was rejected stays so. */
    public Outcome<ReadyRequest> encode(PreparedRow row) {
        return encoder.encode(row);
    }

    /** Writes the answer, once the generation's future has completed. */
    public Completion complete(ReadyRequest ready, Generation generation) {
        return completions.write(ready, generation);
    }

    /** Writes an answer of several choices, once the futures of their generations have completed. */
    public String complete(List<ReadyRequest> choices, List<Generation> generations) {
        return completions.write(choices, generations);
    }

    /** Writes each choice of an answer part by part, while the engine generates it. */
    public List<CompletionParts> parts(List<ReadyRequest> choices, Delivery delivery) {
        return completions.parts(choices, delivery);
    }

    @Override
    public void close() {
        fetcher.close();
        decoder.close();
        prompts.close();
    }
}
