package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.FileStart;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.nio.ByteBuffer;

/** JPEG, decoded by OpenCV, or by the JDK where it has four inks. */
public final class JpegFormat implements ImageFormat {
    @Override
    public String name() {
        return "JPEG";
    }

    @Override
    public boolean matches(byte[] bytes) {
        return FileStart.startsWith(bytes, "\u00ff\u00d8\u00ff");
    }

    @Override
    public ImageHeader header(byte[] bytes) throws DamagedImageException {
        return JpegHeader.read(bytes);
    }

    @Override
    public ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        return JpegHeader.readStart(start);
    }

    @Override
    public void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        JpegDecoder.decode(this, header, bytes, rgb);
    }
}
