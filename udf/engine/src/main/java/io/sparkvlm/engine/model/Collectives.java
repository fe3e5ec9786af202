package io.sparkvlm.engine.model;

import org.bytedeco.pytorch.Tensor;

/**
 * What one rank exchanges with the others in the midst of a step: all call the same in the same order, with parts of their
 * own, and go on together. For the rank's thread.
 */
interface Collectives {
    /**
     * The sum of all ranks' parts, in the order of the ranks, so that it is the same each time.
     *
     * @param part whose place the sum may take
     */
    Tensor sum(Tensor part);

    /** All ranks' parts [rows, own columns], one rank's columns after the other's. */
    Tensor sideBySide(Tensor part);

    /** Of a model that is not split: a part is the whole. */
    Collectives ALONE = new Collectives() {
        @Override
        public Tensor sum(Tensor part) {
            return part;
        }

        @Override
        public Tensor sideBySide(Tensor part) {
            return part;
        }
    };
}
