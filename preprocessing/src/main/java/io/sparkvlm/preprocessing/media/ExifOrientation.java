package io.sparkvlm.preprocessing.media;

/** Finds the orientation in a block of EXIF; a block that cannot be read says nothing and spoils nothing. */
final class ExifOrientation {
    private static final int ORIENTATION_TAG = 0x0112;
    private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};
    /** TIFF field types of one value of 1, 2 and 4 bytes. */
    private static final int BYTE = 1;

    private static final int SHORT = 3;
    private static final int LONG = 4;

    private ExifOrientation() {}

    /** Whether the range starts as the EXIF block of a JPEG does. */
    static boolean startsAt(byte[] bytes, int start, int end) {
        if (end - start < PREFIX.length) {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (bytes[start + i] != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads a TIFF structure, with or without the prefix {@code Exif\0\0}. */
    static Orientation read(byte[] bytes, int start, int end) {
        int tiff = startsAt(bytes, start, end) ? start + PREFIX.length : start;
        try {
            return readTiff(bytes, tiff, end);
        } catch (DamagedImageException e) {
            // Pillow leaves a picture as it is when its EXIF is damaged; the pixels are whole all the same.
            return Orientation.UPRIGHT;
        }
    }

    private static Orientation readTiff(byte[] bytes, int start, int end) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes, start, end);
        int order = reader.u16BigEndian("byte order");
        boolean littleEndian = order == 0x4949; // "II"; "MM" is big-endian
        if (!littleEndian && order != 0x4D4D) {
            return Orientation.UPRIGHT;
        }
        u16(reader, littleEndian); // 42
        reader.moveTo(start + u32(reader, littleEndian), "the first directory");
        int entries = u16(reader, littleEndian);
        for (int i = 0; i < entries; i++) {
            int tag = u16(reader, littleEndian);
            int type = u16(reader, littleEndian);
            u32(reader, littleEndian); // count
            int valueAt = reader.position();
            if (tag == ORIENTATION_TAG) {
                return switch (type) {
                    case BYTE -> Orientation.ofExif(reader.u8("orientation"));
                    case SHORT -> Orientation.ofExif(u16(reader, littleEndian));
                    case LONG -> Orientation.ofExif(u32(reader, littleEndian));
                    default -> Orientation.UPRIGHT;
                };
            }
            reader.moveTo(valueAt + 4L, "the next entry");
        }
        return Orientation.UPRIGHT;
    }

    private static int u16(ByteReader reader, boolean littleEndian) throws DamagedImageException {
        return littleEndian ? reader.u16LittleEndian("EXIF") : reader.u16BigEndian("EXIF");
    }

    private static long u32(ByteReader reader, boolean littleEndian) throws DamagedImageException {
        return littleEndian ? reader.u32LittleEndian("EXIF") : reader.u32BigEndian("EXIF");
    }
}
