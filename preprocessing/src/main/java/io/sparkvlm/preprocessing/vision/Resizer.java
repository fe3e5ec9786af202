package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.torch.TensorScope;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.InterpolateFuncOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.LongVectorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kBicubic;

/**
 * Resizes as torchvision resizes a uint8 tensor: bicubic with antialias, in libtorch, which is to the bit what the model
 * was trained and recorded with.
 */
public final class Resizer {
    private Resizer() {}

    /**
     * Hands on the picture in this size; itself if that is its own.
     *
     * @param to may look at the resized picture, which lies in native memory, until it returns
     */
    public static void resize(RgbImage image, ResizedSize size, Consumer<RgbImage> to) {
        if (image.width() == size.width() && image.height() == size.height()) {
            to.accept(image);
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            BytePointer pixels = new BytePointer(image.pixels()); // native pixels are not copied
            Tensor interleaved = torch.from_blob(
                    pixels,
                    new long[] {1, image.height(), image.width(), 3},
                    new TensorOptions(ScalarType.Byte)); // [1, height, width, 3]
            Tensor planes = interleaved.permute(0, 3, 1, 2); // [1, 3, height, width], still interleaved in memory
            InterpolateFuncOptions options = new InterpolateFuncOptions();
            options.size().put(new LongVectorOptional(new LongVector(size.height(), size.width())));
            options.mode().put(new kBicubic());
            options.align_corners().put(new BoolOptional(false));
            options.antialias().put(true);
            Tensor resized = torch.interpolate(planes, options)
                    .permute(0, 2, 3, 1)
                    .contiguous(MemoryFormat.Contiguous); // [1, height, width, 3]
            BytePointer rgb = new BytePointer(resized.data_ptr()).capacity(3L * size.width() * size.height());
            to.accept(new RgbImage(size.width(), size.height(), rgb.asByteBuffer()));
        }
    }
}
