package io.sparkvlm.preprocessing.image.gif;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.FileStart;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.nio.ByteBuffer;

/** GIF, of which the first picture is decoded, in Java. */
public final class GifFormat implements ImageFormat {
    @Override
    public String name() {
        return "GIF";
    }

    @Override
    public boolean matches(byte[] bytes) {
        return FileStart.startsWith(bytes, "GIF87a") || FileStart.startsWith(bytes, "GIF89a");
    }

    @Override
    public ImageHeader header(byte[] bytes) throws DamagedImageException {
        return GifFile.read(bytes).header();
    }

    @Override
    public ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        return header(start); // the pixels are behind all that it reads
    }

    @Override
    public void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        rgb.put(0, GifDecoder.decode(bytes));
    }
}
