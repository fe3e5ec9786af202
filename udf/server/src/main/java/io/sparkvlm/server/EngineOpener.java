package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import java.io.IOException;

/** Opens the engine that answers, and another when that breaks. */
@FunctionalInterface
public interface EngineOpener {
    Engine open() throws IOException;
}
