package io.sparkvlm.job;

/** Where are media fetched, decoded and resized? {@code --preprocessing} takes these names in lower case. */
enum PreprocessingPlace {
    /** In the tasks that infer, row by row, while the engine works on the rows before. */
    FUSED,
    /** In a stage of its own; the resized pictures are exchanged so that tasks cost the same. */
    STAGED
}
