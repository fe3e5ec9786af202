/**
 * The engine as others use it: generation tasks go in from any thread, generations come out as futures. One thread runs
 * the steps: the scheduler plans, the model computes, the sampler chooses. Start reading at {@link
 * io.sparkvlm.engine.BatchingEngine}, then {@code EngineLoop}.
 */
package io.sparkvlm.engine;
