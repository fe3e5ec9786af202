/**
 * How fast is the engine, how far from what the machine can do, and how often is the embedded model right? Dimensions of a
 * published model or a folder of questions go in; tokens and requests a second beside the machine's own limits, or right
 * answers by kind, come out. Start reading at {@link io.sparkvlm.bench.Bench}.
 */
package io.sparkvlm.bench;
