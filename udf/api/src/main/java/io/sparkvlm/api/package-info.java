/**
 * What an engine is: token ids and patches go in, token ids come out. A row travels as an {@link
 * io.sparkvlm.outcome.Outcome}, which is either a value or the {@link io.sparkvlm.outcome.Rejection} that becomes its error
 * row. Start reading at {@link io.sparkvlm.api.Engine}.
 */
package io.sparkvlm.api;
