package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_ATTACHMENT;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.sparkvlm.preprocessing.media.Deadline;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.Orientation;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Reads one video stream of a file in memory, the one that FFmpeg takes for the best, packet after packet, as FFmpeg's
 * demuxer for its container finds them. Nothing else is opened: no other demuxer, no other file, no address. Used by one
 * thread.
 */
final class Demuxer implements AutoCloseable {
    /** FFmpeg's own default, formats.h; PyAV keeps it, and a frame rate may be estimated from so much. */
    private static final String PROBED_BYTES = "5000000";

    private static final String MAX_STREAMS = "64";
    private static final int SHOWN_VP8_FRAME = 0x10; // RFC 6386, 9.1

    private final Deadline deadline;
    private final AVPacket packet;
    private final AVFormatContext format;
    private final MemoryInput input;
    private final AVStream stream;
    private final VideoCodec codec;
    private OptionalLong firstTime = OptionalLong.empty();

    Demuxer(byte[] file, VideoContainer container, VideoLimits limits, Deadline deadline)
            throws UnreadableVideoException {
        this.deadline = deadline;
        this.packet = avcodec.av_packet_alloc();
        this.format = avformat.avformat_alloc_context();
        this.input = new MemoryInput(file, deadline, format);
        try {
            open(container, limits);
            this.stream = bestVideo(container);
            this.codec = VideoCodec.of(stream.codecpar().codec_id())
                    .orElseThrow(() -> new UnreadableVideoException(
                            MediaFault.UNSUPPORTED_MEDIA_TYPE,
                            "expected H.264, H.265, VP8, VP9, AV1, MPEG-4 or Motion JPEG in the "
                                    + container.shownName() + ", found "
                                    + avcodec.avcodec_get_name(stream.codecpar().codec_id())
                                            .getString()));
            limits.requireSize(stream.codecpar().width(), stream.codecpar().height());
        } catch (UnreadableVideoException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(VideoContainer container, VideoLimits limits) throws UnreadableVideoException {
        format.pb(input.context());
        format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_CUSTOM_IO);
        AVDictionary options = new AVDictionary(null);
        avutil.av_dict_set(options, "protocol_whitelist", "none", 0);
        avutil.av_dict_set(options, "format_whitelist", container.demuxer(), 0);
        avutil.av_dict_set(options, "codec_whitelist", VideoCodec.probingDecoders(), 0);
        avutil.av_dict_set(options, "max_streams", MAX_STREAMS, 0);
        avutil.av_dict_set(options, "probesize", PROBED_BYTES, 0);
        if (container == VideoContainer.MP4) {
            // What another file holds is no part of this one; so is FFmpeg's default, and no less ours.
            avutil.av_dict_set(options, "enable_drefs", "0", 0);
            avutil.av_dict_set(options, "use_absolute_path", "0", 0);
        }
        int opened = avformat.avformat_open_input(
                format, (String) null, avformat.av_find_input_format(container.demuxer()), options);
        avutil.av_dict_free(options);
        require(opened, "the " + container.shownName() + "'s header could not be read");
        PointerPointer<AVDictionary> perStream = new PointerPointer<>(Math.max(1, format.nb_streams()));
        for (int i = 0; i < format.nb_streams(); i++) {
            AVDictionary bounds = new AVDictionary(null);
            avutil.av_dict_set(bounds, "max_pixels", String.valueOf(limits.maxPixels()), 0);
            avutil.av_dict_set(bounds, "threads", "1", 0);
            perStream.put(i, bounds);
        }
        int streams = format.nb_streams();
        int found = avformat.avformat_find_stream_info(format, perStream);
        for (int i = 0; i < streams; i++) {
            avutil.av_dict_free(new PointerPointer<>(perStream.getPointer(i)));
        }
        require(found, "the " + container.shownName() + "'s streams could not be read");
    }

    /** By disposition, frames seen so far and bit rate; but a cover, which FFmpeg would take, is none. */
    private AVStream bestVideo(VideoContainer container) throws UnreadableVideoException {
        for (int i = 0; i < format.nb_streams(); i++) {
            AVStream candidate = format.streams(i);
            if ((candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
                candidate.codecpar().codec_type(AVMEDIA_TYPE_ATTACHMENT);
            }
        }
        int best = avformat.av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (best < 0) {
            throw new UnreadableVideoException(
                    MediaFault.NO_STREAM, "expected a video stream in the " + container.shownName() + ", found none");
        }
        return format.streams(best);
    }

    /** How many video streams there are to choose from. */
    int videoStreams() {
        return (int) IntStream.range(0, format.nb_streams())
                .filter(i -> format.streams(i).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO)
                .count();
    }

    VideoCodec codec() {
        return codec;
    }

    AVStream stream() {
        return stream;
    }

    /** On average, as the container says or its first packets show. */
    OptionalDouble framesPerSecond() {
        AVRational average = stream.avg_frame_rate();
        AVRational rate = average.num() > 0 && average.den() > 0 ? average : stream.r_frame_rate();
        return rate.num() > 0 && rate.den() > 0
                ? OptionalDouble.of((double) rate.num() / rate.den())
                : OptionalDouble.empty();
    }

    /** As the display matrix turns it; one that turns by other than right angles is not followed. */
    Orientation orientation() {
        AVCodecParameters parameters = stream.codecpar();
        AVPacketSideData matrix = avcodec.av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.size() < 9 * Integer.BYTES) {
            return Orientation.UPRIGHT;
        }
        IntPointer values = new IntPointer(matrix.data());
        int a = values.get(0);
        int b = values.get(1);
        int c = values.get(3);
        int d = values.get(4);
        // x' = a x + c y, y' = b x + d y (libavutil, display.h)
        if (b == 0 && c == 0 && a != 0 && d != 0) {
            return Orientation.of(false, a < 0, d < 0);
        }
        return a == 0 && d == 0 && b != 0 && c != 0 ? Orientation.of(true, b < 0, c < 0) : Orientation.UPRIGHT;
    }

    /** The stream's next packet that holds something, which lives until the next is asked for; none at the end. */
    Optional<AVPacket> next() throws UnreadableVideoException {
        while (true) {
            requireTime();
            avcodec.av_packet_unref(packet);
            int read = avformat.av_read_frame(format, packet);
            if (read == AVERROR_EOF) {
                return Optional.empty();
            }
            require(read, "a packet could not be read");
            if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
                throw UnreadableVideoException.damaged(
                        "expected whole packets, found one that the file's end cuts off");
            }
            // An empty one is AVI's way to show a frame again, which PyAV counts no frame.
            if (packet.stream_index() == stream.index() && packet.size() > 0) {
                return Optional.of(packet);
            }
        }
    }

    /**
     * Whether a packet is shown: what an edit list cuts off is not, nor what refers to frames before the first, nor VP8's
     * and VP9's frames that others refer to only.
     */
    boolean isShown(AVPacket candidate) {
        if (firstTime.isEmpty()) {
            firstTime = OptionalLong.of(candidate.pts());
        }
        boolean refers = (candidate.flags() & AV_PKT_FLAG_KEY) == 0;
        boolean leading = refers && candidate.pts() != AV_NOPTS_VALUE && candidate.pts() < firstTime.getAsLong();
        if (leading || (candidate.flags() & AV_PKT_FLAG_DISCARD) != 0) {
            return false;
        }
        return switch (codec) {
            case VP8 -> (candidate.data().get() & SHOWN_VP8_FRAME) != 0;
            case VP9 ->
                Vp9Packet.isShown(candidate.data().get(), candidate.data().get(candidate.size() - 1L));
            case H264, HEVC, AV1, MPEG4, MJPEG -> true;
        };
    }

    private void requireTime() throws UnreadableVideoException {
        if (deadline.isPast()) {
            throw new UnreadableVideoException(
                    MediaFault.DECODE_TIMEOUT,
                    "expected a video that is decoded within " + deadline.time().toSeconds()
                            + " s, found one that takes longer");
        }
    }

    private void require(int code, String message) throws UnreadableVideoException {
        requireTime();
        NativeFault.require(code, message);
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        // FFmpeg has freed the context itself where it could not be opened; its pointer is null then.
        avformat.avformat_close_input(format);
        input.close();
    }
}
