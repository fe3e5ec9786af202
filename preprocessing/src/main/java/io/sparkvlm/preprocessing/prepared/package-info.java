/**
 * What is known of a row between its two halves, preparing and encoding: what a request says, its prompt, and a plan of
 * each medium with its files go in. The values come out that the fused stage hands over as they are, and that an exchange
 * or a kept table holds once the media are resized. Start reading at {@link
 * io.sparkvlm.preprocessing.prepared.PreparedRow}.
 */
package io.sparkvlm.preprocessing.prepared;
