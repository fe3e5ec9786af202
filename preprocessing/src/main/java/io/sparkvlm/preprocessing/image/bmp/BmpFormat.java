package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.FileStart;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.nio.ByteBuffer;

/** BMP, decoded in Java. */
public final class BmpFormat implements ImageFormat {
    @Override
    public String name() {
        return "BMP";
    }

    @Override
    public boolean matches(byte[] bytes) {
        return FileStart.startsWith(bytes, "BM");
    }

    @Override
    public ImageHeader header(byte[] bytes) throws DamagedImageException {
        return BmpFile.read(bytes).header();
    }

    @Override
    public ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        return header(start); // the pixels are behind all that it reads
    }

    @Override
    public void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        rgb.put(0, BmpDecoder.decode(bytes));
    }
}
