package io.sparkvlm.preprocessing.image.webp;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.FileStart;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.nio.ByteBuffer;

/** WebP, decoded by OpenCV. */
public final class WebpFormat implements ImageFormat {
    @Override
    public String name() {
        return "WebP";
    }

    @Override
    public boolean matches(byte[] bytes) {
        return FileStart.startsWith(bytes, "RIFF")
                && FileStart.textAt(bytes, 8, 4).equals("WEBP");
    }

    @Override
    public ImageHeader header(byte[] bytes) throws DamagedImageException {
        return WebpHeader.read(bytes);
    }

    @Override
    public ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        return WebpHeader.readStart(start);
    }

    @Override
    public void decode(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        WebpDecoder.decode(this, header, bytes, rgb);
    }
}
