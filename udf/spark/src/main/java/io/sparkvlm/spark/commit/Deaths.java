package io.sparkvlm.spark.commit;

/**
 * Counts the deaths of processes that were computing a row.
 *
 * @param amongOthers while they computed other rows, too
 * @param alone while they computed this row alone
 */
record Deaths(int amongOthers, int alone) {
    static final Deaths NONE = new Deaths(0, 0);

    /** How the process of a row dies, should it die. */
    enum Kind {
        AMONG_OTHERS,
        ALONE
    }

    Deaths and(Kind kind) {
        return switch (kind) {
            case AMONG_OTHERS -> new Deaths(amongOthers + 1, alone);
            case ALONE -> new Deaths(amongOthers, alone + 1);
        };
    }

    /**
     * How many deaths a row may have been there at.
     *
     * @param amongOthers after so many it is set apart, to be computed alone
     * @param alone after so many it is not computed any more
     */
    record Tolerance(int amongOthers, int alone) {
        /** Spark tells the driver of a death, and another executor takes over. */
        static final Tolerance OF_EXECUTORS = new Tolerance(1, 2);

        /** The user may have killed the process, and has to start it again. */
        static final Tolerance OF_THIS_PROCESS = new Tolerance(2, 1);

        boolean setsApart(Deaths deaths) {
            return deaths.alone > 0 || deaths.amongOthers >= amongOthers;
        }

        boolean condemns(Deaths deaths) {
            return deaths.alone >= alone;
        }
    }
}
