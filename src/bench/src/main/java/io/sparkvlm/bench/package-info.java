/**
 * Measures how fast the engine and the preprocessing are, how often the embedded model is right, and what becomes of
 * files that strangers made. Dimensions of a published model, a folder of questions or folders of files go in; rates beside the
 * machine's limits or a peer's, right answers by kind, or outcomes by kind come out. Start reading at {@link
 * io.sparkvlm.bench.Bench}.
 */
package io.sparkvlm.bench;
