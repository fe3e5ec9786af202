package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.avcodec.AVCodecParserContext.PARSER_FLAG_COMPLETE_FRAMES;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoLimits;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Reads how large a packet's frame is, before a decoder sees it that would take memory for any size. Used by one
 * thread.
 */
final class PacketSize implements AutoCloseable {
    private final VideoLimits limits;
    private final AVCodecParserContext parser;
    /** The parser's own: it writes there what it finds. */
    private final AVCodecContext context = avcodec.avcodec_alloc_context3(null);

    PacketSize(AVCodecParameters parameters, VideoLimits limits) {
        this.limits = limits;
        this.parser = avcodec.av_parser_init(parameters.codec_id());
        parser.flags(parser.flags() | PARSER_FLAG_COMPLETE_FRAMES);
        avcodec.avcodec_parameters_to_context(context, parameters);
    }

    /**
     * Refuses a packet whose frame is too large. One that the parser cannot read passes: the decoder cannot read it
     * either.
     */
    void require(AVPacket packet) throws UnreadableVideoException {
        try (PointerScope scope = new PointerScope()) {
            BytePointer out = new BytePointer((Pointer) null);
            IntPointer outBytes = new IntPointer(1);
            avcodec.av_parser_parse2(
                    parser, context, out, outBytes, packet.data(), packet.size(), packet.pts(), packet.dts(), -1);
        }
        if (parser.width() > 0) {
            limits.requireSize(parser.width(), parser.height());
        }
    }

    @Override
    public void close() {
        avcodec.av_parser_close(parser);
        avcodec.avcodec_free_context(context);
    }
}
