package io.sparkvlm.preprocessing.image.format;

import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Optional;

/** Finds the orientation in a block of EXIF, if it has one. */
final class ExifOrientation {
    private static final int ORIENTATION_TAG = 0x0112;
    /** TIFF field types of one value of 1, 2 and 4 bytes. */
    private static final int BYTE = 1;

    private static final int SHORT = 3;
    private static final int LONG = 4;

    private ExifOrientation() {}

    /** Reads a TIFF structure that fills this range. */
    static Optional<Orientation> read(byte[] bytes, int start, int end) {
        try {
            return readTiff(bytes, start, end);
        } catch (DamagedImageException e) {
            // Pillow leaves a picture as it is when its EXIF is damaged; the pixels are whole all the same.
            return Optional.empty();
        }
    }

    private static Optional<Orientation> readTiff(byte[] bytes, int start, int end) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes, start, end);
        int order = reader.u16BigEndian("byte order");
        boolean littleEndian = order == 0x4949; // "II"; "MM" is big-endian
        if (!littleEndian && order != 0x4D4D) {
            return Optional.empty();
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
                    case BYTE -> Optional.of(Orientation.ofExif(reader.u8("orientation")));
                    case SHORT -> Optional.of(Orientation.ofExif(u16(reader, littleEndian)));
                    case LONG -> Optional.of(Orientation.ofExif(u32(reader, littleEndian)));
                    default -> Optional.empty();
                };
            }
            reader.moveTo(valueAt + 4L, "the next entry");
        }
        return Optional.empty();
    }

    private static int u16(ByteReader reader, boolean littleEndian) throws DamagedImageException {
        return littleEndian ? reader.u16LittleEndian("EXIF") : reader.u16BigEndian("EXIF");
    }

    private static long u32(ByteReader reader, boolean littleEndian) throws DamagedImageException {
        return littleEndian ? reader.u32LittleEndian("EXIF") : reader.u32BigEndian("EXIF");
    }
}
