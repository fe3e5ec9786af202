package io.sparkvlm.preprocessing.fetch.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback that answers as a test says, byte for byte, and counts who came. */
final class StubServer implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    /** The requests so far, each as its lines. */
    final List<List<String>> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket socket;
    private final Script script;

    /** What is written to the client; then the connection is closed. */
    @FunctionalInterface
    interface Script {
        void answer(List<String> request, OutputStream out) throws Exception;
    }

    private StubServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
        Thread accepting = new Thread(this::accept, "stub");
        accepting.setDaemon(true);
        accepting.start();
    }

    static StubServer on(String loopback, int port, Script script) throws IOException {
        InetAddress address = InetAddress.getAllByName(loopback)[0];
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("tests stay on the loopback");
        }
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port), 200);
        return new StubServer(socket, script);
    }

    static StubServer on(String loopback, Script script) throws IOException {
        return on(loopback, 0, script);
    }

    /** Answers everybody with these bytes as a file. */
    static StubServer holding(byte[] file) throws IOException {
        return on("127.0.0.1", (request, out) -> answer(out, "200 OK", file));
    }

    static void answer(OutputStream out, String status, byte[] body, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (List.of(headers).stream().noneMatch(it -> it.startsWith("Content-Length"))) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(String path) {
        return "http://" + socket.getInetAddress().getHostAddress() + ":" + port() + path;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                Thread serving = new Thread(() -> serve(connection), "stub-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            requests.add(lines);
            script.answer(lines, connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (Exception e) {
            // The client has gone, which is what many tests want.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
