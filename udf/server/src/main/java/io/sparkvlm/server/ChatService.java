package io.sparkvlm.server;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What all requests share.
 *
 * @param preparing threads that judge requests and decode media, as many as there are processors
 * @param answering threads that write answers; none of them waits
 */
record ChatService(
        Preprocessor preprocessor,
        LiveEngine engine,
        EngineSlots slots,
        Executor preparing,
        Executor answering,
        Duration requestTimeout,
        ServerMetrics metrics) {}
