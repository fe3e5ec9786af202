package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;

import io.sparkvlm.preprocessing.media.Orientation;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/** Turns decoded frames into upright RGB with PyAV's values: its {@code to_ndarray(format="rgb24")}. Used by one thread. */
final class FrameConverter implements AutoCloseable {
    private final SwsContext scaler = swscale.sws_alloc_context();
    private final AVFrame target = avutil.av_frame_alloc();
    private final Orientation orientation;

    FrameConverter(Orientation orientation) {
        this.orientation = orientation;
        // PyAV, reformatter.py: bilinear and nothing else; a scaler's threads would compete with the tasks.
        scaler.flags(SWS_BILINEAR);
        scaler.threads(1);
    }

    RgbImage convert(AVFrame frame) throws UnreadableVideoException {
        int width = frame.width();
        int height = frame.height();
        // As PyAV: the colours' primaries and curves are left as they are, and swscale refuses what it does not know.
        frame.color_trc(AVCOL_TRC_UNSPECIFIED);
        frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
        avutil.av_frame_unref(target);
        NativeFault.require(avutil.av_frame_copy_props(target, frame), "a frame could not be converted");
        target.format(AV_PIX_FMT_RGB24);
        target.width(width);
        target.height(height);
        // Aligned to 64 bytes and more than the picture is wide: swscale's fast paths, which PyAV's frames get too.
        NativeFault.require(avutil.av_frame_get_buffer(target, 64), "a frame could not be converted");
        NativeFault.require(swscale.sws_scale_frame(scaler, target, frame), "a frame could not be converted");
        byte[] rgb = new byte[3 * width * height];
        BytePointer rows = target.data(0);
        int stride = target.linesize(0);
        for (int y = 0; y < height; y++) {
            rows.position((long) y * stride).get(rgb, 3 * width * y, 3 * width);
        }
        return orientation.upright(width, height, rgb);
    }

    @Override
    public void close() {
        avutil.av_frame_free(target);
        swscale.sws_free_context(scaler);
    }
}
