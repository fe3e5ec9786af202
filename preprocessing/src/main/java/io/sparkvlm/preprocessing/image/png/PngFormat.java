package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.FileStart;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.nio.ByteBuffer;

/** PNG, decoded in Java. */
public final class PngFormat implements ImageFormat {
    @Override
    public String name() {
        return "PNG";
    }

    @Override
    public boolean matches(byte[] bytes) {
        return FileStart.startsWith(bytes, "\u0089PNG\r\n\u001a\n");
    }

    @Override
    public ImageHeader header(byte[] bytes) throws DamagedImageException {
        return PngFile.read(bytes).header();
    }

    @Override
    public ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        return PngFile.headerOfStart(start);
    }

    @Override
    public void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        rgb.put(0, PngDecoder.decode(bytes));
    }
}
