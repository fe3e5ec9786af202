package io.sparkvlm.spark.settings;

import io.sparkvlm.api.Engine;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * Opens the engine that the tasks of an executor share. Travels to the executors with the tasks; equal sources open
 * equal engines, so a source is a record.
 */
public interface EngineSource extends Serializable {
    /**
     * Opens an engine on this machine; called once for all tasks of an executor.
     *
     * @param gpus the addresses of the GPUs that Spark assigned to the executor
     */
    Engine open(List<String> gpus) throws IOException;

    /**
     * Says whether this machine has the device that the engine wants, so that a driver whose tasks run in its own process
     * says before the first one what is missing.
     *
     * @throws io.sparkvlm.torch.natives.MissingDeviceException naming what is missing
     */
    void requireDevice();
}
