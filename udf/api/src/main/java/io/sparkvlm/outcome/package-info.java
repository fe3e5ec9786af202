/**
 * What becomes of a row: a value, or the reason why there is none. Error codes and messages go in, an {@link
 * io.sparkvlm.outcome.Outcome} comes out, which every step from the request to the answer returns. Start reading at
 * {@link io.sparkvlm.outcome.Outcome} and {@link io.sparkvlm.outcome.Rejection}.
 */
package io.sparkvlm.outcome;
