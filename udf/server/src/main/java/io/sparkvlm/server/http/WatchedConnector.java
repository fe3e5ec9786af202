package io.sparkvlm.server.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** Takes connections that notice when their clients go. A stop waits for those on which a request is being answered. */
public final class WatchedConnector extends ServerConnector {
    private final Duration headTimeout;

    /** @param headTimeout from the first byte of a request to the end of its head */
    public WatchedConnector(Server server, HttpConfiguration configuration, Duration headTimeout) {
        super(server, 1, 1, new HttpConnectionFactory(configuration));
        this.headTimeout = headTimeout;
    }

    /** Closes a connection whose request does not come, unless this is cancelled before. */
    Scheduler.Task headDeadline(EndPoint client) {
        TimeoutException late = new TimeoutException("the head of a request took longer than " + headTimeout);
        return getScheduler().schedule(() -> client.close(late), headTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        WatchedEndPoint endPoint = new WatchedEndPoint(channel, selector, key, this);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = super.shutdown();
        getConnectedEndPoints().forEach(WatchedConnector::closeIfIdle);
        return done;
    }

    /** One may have been accepted as the stop began. */
    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        if (isShutdown()) {
            closeIfIdle(endPoint);
        }
    }

    private static void closeIfIdle(EndPoint endPoint) {
        if (endPoint instanceof WatchedEndPoint client) {
            client.closeIfIdle();
        }
    }
}
