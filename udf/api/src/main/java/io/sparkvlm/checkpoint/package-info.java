/**
 * What both halves of a job read of a checkpoint: a folder goes in, the fields of its JSON files come out, and a fault
 * names the file and the field. Preprocessing and the engine each read what is theirs through it, and what both must know
 * is read here. Start reading at {@link io.sparkvlm.checkpoint.CheckpointConfig}.
 */
package io.sparkvlm.checkpoint;
