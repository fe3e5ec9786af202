package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExecutorResourcesTest {
    @Test
    void closesTheServersAfterAnEngineThatCannotBeClosed() throws Exception {
        List<String> closed = new ArrayList<>();
        SharedResource<String, AutoCloseable> engine = opened(() -> {
            closed.add("engine");
            throw new IllegalStateException("the device is lost");
        });
        SharedResource<String, AutoCloseable> servers = opened(() -> closed.add("servers"));
        ExecutorResources.closeEach(engine, servers);
        assertThat(closed).containsExactly("engine", "servers");
    }

    private static SharedResource<String, AutoCloseable> opened(AutoCloseable resource) throws Exception {
        SharedResource<String, AutoCloseable> shared = new SharedResource<>(key -> resource);
        shared.acquire("a", () -> {}).close();
        return shared;
    }
}
