package io.sparkvlm.spark.commit;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Holds ids of rows: the positions of those in {@code file:position} as a bitmap a file, which takes some two to four bytes
 * a row, and digests of all others, which takes 21 to 43.
 */
public final class RowIds implements Serializable {
    /** Of the ids that a DataFrame's or a table's rows get which have none. */
    public static final int HASH_DIGITS = 32;

    private final Map<String, Roaring64Bitmap> positions = new HashMap<>();
    private final DigestSet others = new DigestSet();

    /** The ids of both. */
    public static RowIds union(RowIds first, RowIds second) {
        RowIds all = new RowIds();
        all.addAll(first);
        all.addAll(second);
        return all;
    }

    public void add(String rowId) {
        int end = fileEnd(rowId);
        if (end < 0) {
            others.add(rowId);
        } else {
            positions
                    .computeIfAbsent(rowId.substring(0, end), file -> new Roaring64Bitmap())
                    .addLong(position(rowId, end));
        }
    }

    public void addAll(RowIds more) {
        more.positions.forEach((file, bits) ->
                positions.computeIfAbsent(file, name -> new Roaring64Bitmap()).or(bits));
        others.addAll(more.others);
    }

    public boolean contains(String rowId) {
        int end = fileEnd(rowId);
        if (end < 0) {
            return others.contains(rowId);
        }
        Roaring64Bitmap ofFile = positions.get(rowId.substring(0, end));
        return ofFile != null && ofFile.contains(position(rowId, end));
    }

    /** Whether any id is in both; looks for each of these among the others, of which there may be many more. */
    public boolean intersects(RowIds other) {
        return others.intersects(other.others)
                || positions.entrySet().stream()
                        .anyMatch(file -> other.positions.containsKey(file.getKey())
                                && Roaring64Bitmap.intersects(file.getValue(), other.positions.get(file.getKey())));
    }

    public long size() {
        return others.size()
                + positions.values().stream()
                        .mapToLong(Roaring64Bitmap::getLongCardinality)
                        .sum();
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** Where the file's name ends in an id that its file and position make up; negative where they do not. */
    private static int fileEnd(String rowId) {
        int colon = rowId.lastIndexOf(':');
        int digits = rowId.length() - colon - 1;
        boolean plain = colon >= 0
                && digits >= 1
                && digits <= 18
                && !isHash(rowId, colon) // one for each row, and not for each file
                && (digits == 1 || rowId.charAt(colon + 1) != '0')
                && rowId.chars().skip(colon + 1L).allMatch(digit -> digit >= '0' && digit <= '9');
        return plain ? colon : -1;
    }

    /** Whether an id begins with the hash of what its row holds. */
    private static boolean isHash(String rowId, int end) {
        return end == HASH_DIGITS
                && rowId.chars()
                        .limit(end)
                        .allMatch(digit -> (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    }

    private static long position(String rowId, int fileEnd) {
        return Long.parseLong(rowId, fileEnd + 1, rowId.length(), 10);
    }
}
