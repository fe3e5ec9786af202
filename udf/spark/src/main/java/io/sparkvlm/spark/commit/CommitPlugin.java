package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.settings.PluginList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.input.ClassLoaderObjectInputStream;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries what tasks ask and tell to the driver's {@link Publication}, and its replies back: as bytes, because an executor's RPC knows
 * the classes of Spark alone, and not those of a jar that came with the job.
 */
public final class CommitPlugin implements SparkPlugin {
    /** Static, because an executor is a process and Spark hands tasks nothing of its plugins. */
    private static volatile Optional<PluginContext> driver = Optional.empty();

    /** Adds the plugin to those that the configuration names already. */
    public static SparkConf addTo(SparkConf conf) {
        return PluginList.add(conf, CommitPlugin.class);
    }

    /** Asks the driver, from a task's thread. */
    static CommitReply ask(CommitRequest request) {
        PluginContext context = driver.orElseThrow(() -> new IllegalStateException(
                "expected " + CommitPlugin.class.getName() + " in spark.plugins as the session started"));
        try {
            return (CommitReply) read((byte[]) context.ask(SerializationUtils.serialize(request)));
        } catch (Exception e) {
            throw new DriverLostException(e);
        }
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream objects = new ClassLoaderObjectInputStream(
                CommitPlugin.class.getClassLoader(), new ByteArrayInputStream(bytes))) {
            return objects.readObject();
        }
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Object receive(Object message) throws IOException, ClassNotFoundException {
                CommitRequest request = (CommitRequest) read((byte[]) message);
                CommitReply reply = Publication.of(request.attempt().run())
                        .map(request::answerFrom)
                        .orElseGet(() -> new CommitReply.Superseded());
                return SerializationUtils.serialize(reply);
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext context, Map<String, String> extraConf) {
                driver = Optional.of(context);
            }
        };
    }
}
