package io.sparkvlm.spark.settings;

import io.sparkvlm.api.Engine;
import java.io.IOException;
import java.io.Serializable;

/**
 * Opens the engine that the tasks of an executor share. Travels to the executors with the tasks; equal sources open
 * equal engines, so a source is a record.
 */
public interface EngineSource extends Serializable {
    /** Opens an engine on this machine; called once for all tasks of an executor. */
    Engine open() throws IOException;
}
