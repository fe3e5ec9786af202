package io.sparkvlm.preprocessing.image.format;

import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Optional;
import java.util.Set;

/** Finds the orientation in a block of EXIF, if it has one, where Pillow finds it (TiffImagePlugin). */
final class ExifOrientation {
    private static final int ORIENTATION_TAG = 0x0112;
    /** Classic TIFF in either order of bytes, its version in either, too. BigTIFF's MM reads the same. */
    private static final Set<String> HEADERS = Set.of("II*\0", "II\0*", "MM\0*", "MM*\0", "MM\0+");

    private static final int INLINE_BYTES = 4;
    /** Of each of TIFF's field types, from 0 on; 0 for those that are passed over. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

    private final byte[] bytes;
    private final ByteReader entries;
    private final boolean littleEndian;
    /** Of all values that lie outside their entries; more than the block has bytes are passed over. */
    private long outsideBytes;

    private ExifOrientation(byte[] bytes, boolean littleEndian) {
        this.bytes = bytes;
        this.entries = new ByteReader(bytes);
        this.littleEndian = littleEndian;
    }

    /** Reads a TIFF structure; what is none has no orientation, but is upright all the same. */
    static Optional<Orientation> read(byte[] tiff) {
        if (tiff.length < 8 || !HEADERS.contains(FileStart.textAt(tiff, 0, 4))) {
            return Optional.of(Orientation.UPRIGHT);
        }
        try {
            return new ExifOrientation(tiff, tiff[0] == 'I').find();
        } catch (DamagedImageException e) {
            return Optional.empty(); // the pixels are whole all the same
        }
    }

    private Optional<Orientation> find() throws DamagedImageException {
        entries.skip(4, "EXIF header");
        entries.moveTo(u32(entries), "the first directory");
        for (int left = u16(entries); left > 0; left--) {
            int tag = u16(entries);
            int type = u16(entries);
            long valueBytes = u32(entries) * (type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0);
            int valueAt = entries.skip(INLINE_BYTES, "EXIF value");
            if (valueBytes > INLINE_BYTES) {
                ByteReader value = new ByteReader(bytes);
                value.moveTo(valueAt, "EXIF value");
                long outsideAt = u32(value);
                outsideBytes += valueBytes;
                if (outsideBytes > bytes.length) {
                    continue;
                }
                value.moveTo(outsideAt, "EXIF value");
                valueAt = value.skip(valueBytes, "EXIF value"); // nothing is read behind one that is not there
            }
            if (tag == ORIENTATION_TAG && valueBytes > 0) {
                return Optional.of(orientation(type, valueAt));
            }
        }
        return Optional.empty();
    }

    /** The first value, if it is a number: Pillow takes bytes for no number. */
    private Orientation orientation(int type, int at) throws DamagedImageException {
        ByteReader value = new ByteReader(bytes);
        value.moveTo(at, "EXIF value");
        return switch (type) {
            case 3, 8 -> Orientation.ofExif(u16(value)); // SHORT and SSHORT
            case 4, 9, 13 -> Orientation.ofExif(u32(value)); // LONG, SLONG and IFD
            case 6 -> Orientation.ofExif(value.u8("EXIF value")); // SBYTE
            default -> Orientation.UPRIGHT;
        };
    }

    private int u16(ByteReader reader) throws DamagedImageException {
        return littleEndian ? reader.u16LittleEndian("EXIF") : reader.u16BigEndian("EXIF");
    }

    private long u32(ByteReader reader) throws DamagedImageException {
        return littleEndian ? reader.u32LittleEndian("EXIF") : reader.u32BigEndian("EXIF");
    }
}
