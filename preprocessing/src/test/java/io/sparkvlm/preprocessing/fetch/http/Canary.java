package io.sparkvlm.preprocessing.fetch.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections to some ports at any address of this machine, where none is expected. */
final class Canary implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();

    private final Selector selector;
    private final List<ServerSocketChannel> listening = new ArrayList<>();

    private Canary(Selector selector) {
        this.selector = selector;
    }

    /** Listens where it can: some ports are taken, and some are for root alone. */
    static Canary on(Collection<Integer> ports) throws IOException {
        Canary canary = new Canary(Selector.open());
        for (int port : ports) {
            canary.listen(port);
        }
        Thread counting = new Thread(canary::count, "canary");
        counting.setDaemon(true);
        counting.start();
        return canary;
    }

    int ports() {
        return listening.size();
    }

    private void listen(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(port), 200);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            listening.add(channel);
        } catch (IOException e) {
            channel.close(); // one port less
        }
    }

    private void count() {
        try {
            while (true) {
                selector.select(key -> accept((ServerSocketChannel) key.channel()));
            }
        } catch (ClosedSelectorException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel channel) {
        try (SocketChannel connection = channel.accept()) {
            if (Objects.nonNull(connection)) {
                connections.incrementAndGet();
            }
        } catch (IOException e) {
            connections.incrementAndGet(); // the client has gone
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (ServerSocketChannel channel : listening) {
            channel.close();
        }
    }
}
