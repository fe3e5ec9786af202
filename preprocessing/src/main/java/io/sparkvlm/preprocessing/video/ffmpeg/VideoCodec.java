package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The codings that are read, and FFmpeg's name of the one decoder that may read each: fewer are less to attack. */
enum VideoCodec {
    H264(AV_CODEC_ID_H264, "h264"),
    HEVC(AV_CODEC_ID_HEVC, "hevc"),
    VP8(AV_CODEC_ID_VP8, "vp8"),
    VP9(AV_CODEC_ID_VP9, "vp9"),
    /** FFmpeg's own "av1" only drives hardware. */
    AV1(AV_CODEC_ID_AV1, "libaom-av1"),
    MPEG4(AV_CODEC_ID_MPEG4, "mpeg4"),
    MJPEG(AV_CODEC_ID_MJPEG, "mjpeg");

    private final int id;
    private final String decoder;

    VideoCodec(int id, String decoder) {
        this.id = id;
        this.decoder = decoder;
    }

    static Optional<VideoCodec> of(int id) {
        return Arrays.stream(values()).filter(codec -> codec.id == id).findFirst();
    }

    String decoder() {
        return decoder;
    }

    /** Whether its decoder asks how many pixels it may take memory for; libaom takes what the stream says. */
    boolean isBounded() {
        return this != AV1;
    }

    /** Those that FFmpeg may open by itself to learn about a stream, as its codec_whitelist takes them. */
    static String probingDecoders() {
        return Arrays.stream(values())
                .filter(VideoCodec::isBounded)
                .map(VideoCodec::decoder)
                .collect(Collectors.joining(","));
    }
}
