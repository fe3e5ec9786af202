package io.sparkvlm.spark.remote;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A server as a program: answers with its process id, its GPUs and its arguments, and ends where it is asked to. */
final class ServingChild {
    private ServingChild() {}

    /** The shell's command for it, with arguments after its port. */
    static String command(String arguments) {
        return command(ServingChild.class, "{port} " + arguments);
    }

    static String command(Class<?> main, String arguments) {
        return "exec " + Path.of(System.getProperty("java.home"), "bin", "java") + " -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path") + "' '" + main.getName() + "' " + arguments;
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/v1/chat/completions", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (body.contains("end")) {
                System.out.println("the device is lost");
                System.exit(3);
            }
            byte[] answer = (ProcessHandle.current().pid() + " " + System.getenv("CUDA_VISIBLE_DEVICES") + " "
                            + String.join(" ", args).substring(args[0].length()))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }
}
