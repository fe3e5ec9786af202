package io.sparkvlm.spark.settings;

import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.SparkPlugin;

/** The plugins that a configuration names. */
public final class PluginList {
    private static final String KEY = "spark.plugins";

    private PluginList() {}

    /** Adds a plugin after those that are there, and returns the configuration. */
    public static SparkConf add(SparkConf conf, Class<? extends SparkPlugin> plugin) {
        String others = conf.get(KEY, "");
        return conf.set(KEY, (others.isBlank() ? "" : others + ",") + plugin.getName());
    }
}
