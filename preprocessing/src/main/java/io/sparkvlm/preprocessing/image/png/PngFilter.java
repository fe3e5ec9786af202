package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/** PNG's filters, which store a byte as its difference from its neighbours (PNG specification, 9.2). */
enum PngFilter {
    NONE {
        @Override
        void undo(byte[] row, byte[] above, int start) {}
    },
    SUB {
        @Override
        void undo(byte[] row, byte[] above, int start) {
            for (int i = start; i < row.length; i++) {
                row[i] += row[i - start];
            }
        }
    },
    UP {
        @Override
        void undo(byte[] row, byte[] above, int start) {
            for (int i = start; i < row.length; i++) {
                row[i] += above[i];
            }
        }
    },
    AVERAGE {
        @Override
        void undo(byte[] row, byte[] above, int start) {
            for (int i = start; i < row.length; i++) {
                row[i] += (byte) (((row[i - start] & 0xFF) + (above[i] & 0xFF)) >> 1);
            }
        }
    },
    PAETH {
        @Override
        void undo(byte[] row, byte[] above, int start) {
            for (int i = start; i < row.length; i++) {
                int left = row[i - start] & 0xFF;
                int up = above[i] & 0xFF;
                int upLeft = above[i - start] & 0xFF;
                int fromLeft = Math.abs(up - upLeft);
                int fromUp = Math.abs(left - upLeft);
                int fromUpLeft = Math.abs(left + up - 2 * upLeft);
                int nearest = fromLeft <= fromUp && fromLeft <= fromUpLeft ? left : fromUp <= fromUpLeft ? up : upLeft;
                row[i] += (byte) nearest;
            }
        }
    };

    private static final PngFilter[] FILTERS = values();

    static PngFilter of(int type) throws DamagedImageException {
        if (type < 0 || type >= FILTERS.length) {
            throw new DamagedImageException("expected a PNG row filter from 0 to 4, found " + type);
        }
        return FILTERS[type];
    }

    /**
     * Restores a row in place.
     *
     * @param above the row before it, restored; zeros before the first
     * @param start where the pixels begin, which is also how many bytes a whole pixel has; before it lie zeros
     */
    abstract void undo(byte[] row, byte[] above, int start);
}
