package io.sparkvlm.bench.serve;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What some clients had of a server, each of which asks one question after the other.
 *
 * @param promptTokens of all
 * @param firstSeconds of all answers, to their first parts, in ascending order
 * @param tokensASecond of all answers together
 */
record Load(int clients, int promptTokens, List<Double> firstSeconds, double tokensASecond) {
    /**
     * Has them ask.
     *
     * @param firstSeed of the questions, which all differ
     */
    static Load of(ServedModel server, int clients, int questions, int firstSeed)
            throws InterruptedException, ExecutionException {
        ExecutorService asking = Executors.newFixedThreadPool(clients);
        // vLLM's server loses the body of a request that offers it HTTP/2.
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long start = System.nanoTime();
        List<Future<List<StreamTimes>>> all = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            int seed = firstSeed + c * questions;
            all.add(asking.submit(() -> {
                List<StreamTimes> times = new ArrayList<>();
                for (int i = 0; i < questions; i++) {
                    times.add(StreamTimes.of(server, http, new Question(seed + i, 64, 128)));
                }
                return times;
            }));
        }
        List<StreamTimes> times = new ArrayList<>();
        for (Future<List<StreamTimes>> one : all) {
            times.addAll(one.get());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        asking.shutdown();
        return new Load(
                clients,
                times.stream().mapToInt(StreamTimes::promptTokens).sum(),
                times.stream().map(StreamTimes::firstSeconds).sorted().toList(),
                times.stream().mapToInt(StreamTimes::completionTokens).sum() / seconds);
    }

    double firstSeconds(double share) {
        return firstSeconds.get((int) (share * (firstSeconds.size() - 1)));
    }
}
