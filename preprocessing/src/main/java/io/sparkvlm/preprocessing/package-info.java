/**
 * From a table's row to the engine and back: the JSON of a row goes in, a task for the engine comes out, and what it
 * generated goes in again and comes out as a chat.completion. A row that cannot be answered becomes its rejection, and
 * nothing of a row is ever thrown. Start reading at {@link io.sparkvlm.preprocessing.Preprocessor}.
 */
package io.sparkvlm.preprocessing;
