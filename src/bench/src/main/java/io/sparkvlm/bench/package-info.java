/**
 * How fast is the engine, and how far from what the machine can do? Dimensions of a published model go in, tokens and
 * requests a second beside the machine's own limits come out. Start reading at {@link io.sparkvlm.bench.Bench}.
 */
package io.sparkvlm.bench;
