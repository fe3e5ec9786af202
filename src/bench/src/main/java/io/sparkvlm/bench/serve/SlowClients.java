package io.sparkvlm.bench.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that hold connections: by quarters they send a request's head a byte at a time, its body a byte at a time, nothing at
 * all, and a whole request of which they read no answer. One of the first two kinds that is cut off comes again.
 */
final class SlowClients implements AutoCloseable {
    /** Of all abusers: the server knows them from other clients by it. */
    static final InetAddress ADDRESS = address();

    private static final String HEAD = String.join(
            "\r\n",
            List.of("POST /v1/chat/completions HTTP/1.1", "Host: localhost", "Content-Type: application/json", ""));
    private static final String ANSWERED = new Question(0, 8, 1).body(true);

    private final int port;
    private final List<Socket> sockets = new ArrayList<>();
    private final ScheduledExecutorService sending = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger cutOff = new AtomicInteger();

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address is no name", e);
        }
    }

    private SlowClients(int port) {
        this.port = port;
    }

    static SlowClients of(int port, int count) throws IOException {
        SlowClients clients = new SlowClients(port);
        for (int i = 0; i < count; i++) {
            clients.sockets.add(clients.opened(i));
        }
        var unused = clients.sending.scheduleWithFixedDelay(clients::sendMore, 1, 1, TimeUnit.SECONDS);
        return clients;
    }

    private Socket opened(int number) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, ADDRESS, 0);
        String begun =
                switch (number % 4) {
                    case 0 -> "POST /v1/chat/completions HTTP/1.1\r\nX-Slow: ";
                    case 1 -> HEAD + "Content-Length: 1000000\r\n\r\n{\"messages\": ";
                    case 2 -> "";
                    default -> HEAD + "Content-Length: " + ANSWERED.length() + "\r\n\r\n" + ANSWERED;
                };
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private void sendMore() {
        for (int i = 0; i < sockets.size(); i++) {
            try {
                if (i % 4 < 2) {
                    sockets.get(i).getOutputStream().write(' ');
                }
            } catch (IOException closed) {
                cutOff.incrementAndGet();
                comeAgain(i);
            }
        }
    }

    private void comeAgain(int number) {
        try {
            sockets.get(number).close();
            sockets.set(number, opened(number));
        } catch (IOException e) { // it is tried again in a second
            return;
        }
    }

    /** How often one was cut off. */
    int cutOff() {
        return cutOff.get();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        sending.shutdown();
        boolean unused = sending.awaitTermination(1, TimeUnit.MINUTES);
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
