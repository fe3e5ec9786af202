package io.sparkvlm.server.http;

import java.util.Optional;
import java.util.function.IntConsumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/** Refuses what comes while the server stops, and has it wait for what came before. */
public final class StoppingHandler extends GracefulHandler {
    private final IntConsumer answered;

    /** @param answered hears the status of each refusal */
    public StoppingHandler(Handler behind, IntConsumer answered) {
        super(behind);
        this.answered = answered;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<WatchedEndPoint> client = WatchedEndPoint.of(request);
        client.ifPresent(WatchedEndPoint::begin);
        Request.addCompletionListener(request, failure -> client.ifPresent(WatchedEndPoint::end));
        return super.handle(request, response, callback);
    }

    @Override
    protected void handleShutdownRejection(Request request, Response response, Callback callback) {
        new Exchange(request, response, callback, answered).refuse(HttpError.stopping());
    }
}
