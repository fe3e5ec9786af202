/**
 * Measures how fast the engine and the preprocessing are, how often the embedded model is right, and whether strangers'
 * bytes and URLs come through. Dimensions of a published model, a folder of questions or lists of URLs go in; rates beside
 * the machine's limits or a peer's, and right answers by kind come out. Start reading at {@link io.sparkvlm.bench.Bench}.
 */
package io.sparkvlm.bench;
