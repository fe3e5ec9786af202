package io.sparkvlm.preprocessing.image.format;

import java.nio.ByteBuffer;

/** A format of image files: how one is known, what its header says, and how it is decoded. Thread-safe. */
public interface ImageFormat {
    /** As messages say it. */
    String name();

    /** Whether a file is of this format, by its first bytes. */
    boolean matches(byte[] bytes);

    /**
     * Walks a file's structure up to its last chunk or marker, and reads its header.
     *
     * @throws DamagedImageException when the file is not what the format's specification says
     */
    ImageHeader header(byte[] bytes) throws DamagedImageException;

    /**
     * Reads the header out of a file's first bytes; orientation only where it lies among them.
     *
     * @throws DamagedImageException when they do not hold it
     */
    ImageHeader headerOfStart(byte[] start) throws DamagedImageException;

    /**
     * Decodes a file whose header was read.
     *
     * @param rgb where the picture goes as it is stored, not yet upright, alpha on white: native memory of its size
     * @throws DamagedImageException when the pixels are damaged
     */
    void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException;
}
