package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Gives the frames of a stream in the order in which they are shown, one held at a time: all of them, or those that a
 * plan needs. Used by one thread.
 */
final class FrameSource implements AutoCloseable {
    private final Demuxer demuxer;
    private final VideoLimits limits;
    private final Optional<PacketSkipPlan> plan;
    private final AVCodecContext decoder;
    private final Optional<PacketSize> size;
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVFrame incoming = avutil.av_frame_alloc();
    private int packets;
    private int number = -1;
    /** Whether a frame had parts that the decoder made up, perhaps of frames before it. */
    private boolean damaged;
    /** The first packet after some that were passed over; it waits for the frames before them. */
    private Optional<AVPacket> afterGap = Optional.empty();

    FrameSource(Demuxer demuxer, VideoLimits limits, Optional<PacketSkipPlan> plan) throws UnreadableVideoException {
        this.demuxer = demuxer;
        this.limits = limits;
        this.plan = plan;
        var codec = avcodec.avcodec_find_decoder_by_name(demuxer.codec().decoder());
        this.decoder = avcodec.avcodec_alloc_context3(codec);
        this.size = demuxer.codec().isBounded()
                ? Optional.empty()
                : Optional.of(new PacketSize(demuxer.stream().codecpar(), limits));
        try {
            NativeFault.require(
                    avcodec.avcodec_parameters_to_context(
                            decoder, demuxer.stream().codecpar()),
                    "the video's decoder could not be prepared");
            decoder.pkt_timebase(demuxer.stream().time_base());
            decoder.max_pixels(limits.maxPixels());
            decoder.thread_count(1); // the tasks of an executor decode side by side
            NativeFault.require(
                    avcodec.avcodec_open2(decoder, codec, (AVDictionary) null),
                    "the video's decoder could not be opened");
        } catch (UnreadableVideoException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Decodes the next frame into {@link #frame}; at the end the last one stays there, and the answer is no. */
    boolean advance() throws UnreadableVideoException {
        while (true) {
            int received = avcodec.avcodec_receive_frame(decoder, incoming);
            if (received == AVERROR_EOF) {
                if (afterGap.isEmpty()) {
                    return false;
                }
                goOnAfterGap();
                continue;
            }
            if (received != NativeFault.TRY_AGAIN) {
                NativeFault.require(received, "a frame could not be decoded");
                damaged |= incoming.decode_error_flags() != 0 || (incoming.flags() & AV_FRAME_FLAG_CORRUPT) != 0;
                take();
                number++;
                return true;
            }
            feed();
        }
    }

    AVFrame frame() {
        return frame;
    }

    /** The number of {@link #frame}, from 0. */
    int number() {
        return number;
    }

    /** Whether {@link #frame} is the one that the plan has under its number, and no frame so far was damaged. */
    boolean followsPlan() {
        return plan.isEmpty() || (!damaged && plan.get().isAt(number, frame.pts()));
    }

    private void take() throws UnreadableVideoException {
        limits.requireSize(incoming.width(), incoming.height());
        int width = demuxer.stream().codecpar().width();
        int height = demuxer.stream().codecpar().height();
        if (incoming.width() != width || incoming.height() != height) {
            throw UnreadableVideoException.damaged("expected frames of " + width + " x " + height
                    + " pixels, as the video's header says, found one of " + incoming.width() + " x "
                    + incoming.height());
        }
        avutil.av_frame_unref(frame);
        avutil.av_frame_move_ref(frame, incoming);
    }

    private void feed() throws UnreadableVideoException {
        Optional<AVPacket> packet = demuxer.next();
        int before = packets;
        while (packet.isPresent() && plan.isPresent() && !plan.get().isNeeded(packets)) {
            packets++;
            packet = demuxer.next();
        }
        boolean gap = packets > before;
        packets++;
        if (gap) {
            afterGap = packet;
        }
        send(gap ? Optional.empty() : packet);
    }

    /** None at all tells the decoder to give what it still holds. */
    private void send(Optional<AVPacket> packet) throws UnreadableVideoException {
        if (packet.isPresent() && size.isPresent()) {
            size.get().require(packet.get());
        }
        NativeFault.require(avcodec.avcodec_send_packet(decoder, packet.orElse(null)), "a packet could not be decoded");
    }

    private void goOnAfterGap() throws UnreadableVideoException {
        avcodec.avcodec_flush_buffers(decoder);
        number = packets - 2; // where there is a plan each packet is a frame, and the last one read is not decoded yet
        Optional<AVPacket> packet = afterGap;
        afterGap = Optional.empty();
        send(packet);
    }

    @Override
    public void close() {
        size.ifPresent(PacketSize::close);
        avutil.av_frame_free(incoming);
        avutil.av_frame_free(frame);
        avcodec.avcodec_free_context(decoder);
    }
}
