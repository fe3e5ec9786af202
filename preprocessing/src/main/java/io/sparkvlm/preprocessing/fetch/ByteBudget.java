package io.sparkvlm.preprocessing.fetch;

/** Is there memory for so many more bytes? Thread-safe. */
interface ByteBudget {
    /** For what somebody waits for and cannot do without: the row's own limits bound it. */
    ByteBudget UNBOUNDED = new ByteBudget() {
        @Override
        public boolean take(long bytes) {
            return true;
        }

        @Override
        public void giveBack(long bytes) {}
    };

    /** Whether they were taken. */
    boolean take(long bytes);

    void giveBack(long bytes);

    /** So many bytes for all that is read ahead. */
    static ByteBudget of(long bytes) {
        return new ByteBudget() {
            private long left = bytes;

            @Override
            public synchronized boolean take(long taken) {
                if (taken > left) {
                    return false;
                }
                left -= taken;
                return true;
            }

            @Override
            public synchronized void giveBack(long returned) {
                left += returned;
            }
        };
    }
}
