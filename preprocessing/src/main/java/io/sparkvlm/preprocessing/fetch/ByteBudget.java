package io.sparkvlm.preprocessing.fetch;

/** A number of bytes that is taken from and given back to. Thread-safe. */
interface ByteBudget {
    /** For a file that a row waits for: the row's own limits bound it. */
    ByteBudget UNBOUNDED = new ByteBudget() {
        @Override
        public boolean take(long bytes) {
            return true;
        }

        @Override
        public void giveBack(long bytes) {}
    };

    /** Takes bytes, if there are so many left, and says whether there were. */
    boolean take(long bytes);

    void giveBack(long bytes);

    /** A budget of this many bytes. */
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
