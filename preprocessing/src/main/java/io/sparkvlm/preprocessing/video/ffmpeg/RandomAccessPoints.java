package io.sparkvlm.preprocessing.video.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Finds the packets at which a decoder may begin as if it had seen all those before. The packets themselves say so:
 * what a container calls a key frame may refer to frames before it. One for each stream; used by one thread.
 */
final class RandomAccessPoints {
    private static final byte UNREGISTERED_USER_DATA = 5; // ISO/IEC 14496-10, D.1.1

    /** Longer ones are no headers that an encoder writes. */
    private static final int MAX_HEADER_BYTES = 1 << 16;

    private final VideoCodec codec;
    /** Bytes of a NAL unit's length in a packet; 0 where units have start codes instead, which are not looked for. */
    private final int lengthBytes;

    RandomAccessPoints(VideoCodec codec, AVCodecParameters parameters) {
        this.codec = codec;
        this.lengthBytes = lengthBytes(codec, parameters);
    }

    /**
     * What a packet is to the packets after it.
     *
     * @param isEntry whether neither it nor any packet after it refers to one before it
     * @param headers a hash of what it says about the packets to come; 0 where it says nothing
     * @param saysWhoMadeIt whether an encoder may have left its name in it
     */
    record Packet(boolean isEntry, int headers, boolean saysWhoMadeIt) {
        Packet(boolean isEntry, int headers) {
            this(isEntry, headers, false);
        }
    }

    /**
     * Reads what a packet is to those after it; nothing where it cannot be told, or where the stream becomes another
     * one.
     */
    Optional<Packet> look(AVPacket packet) {
        if (avcodec.av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, (SizeTPointer) null) != null) {
            return Optional.empty();
        }
        BytePointer data = packet.data();
        return switch (codec) {
            case H264, HEVC -> lengthBytes == 0 ? Optional.empty() : units(data, packet.size());
            case AV1 -> openBitstreamUnits(data, packet.size());
            // RFC 6386, 9.1: a key frame's first bit is 0, and it leaves nothing of what was before.
            case VP8 -> Optional.of(new Packet((data.get(0) & 1) == 0, 0));
            case VP9 -> Optional.of(new Packet(Vp9Packet.isKey(data.get(0)), 0));
            // Their tables may be those of a frame before; MPEG-4's groups may be open.
            case MPEG4, MJPEG -> Optional.empty();
        };
    }

    /** ISO/IEC 14496-15: avcC and hvcC begin with 1 and say how long a length is. */
    private static int lengthBytes(VideoCodec codec, AVCodecParameters parameters) {
        int at = codec == VideoCodec.H264 ? 4 : 21;
        boolean hasUnits = codec == VideoCodec.H264 || codec == VideoCodec.HEVC;
        if (!hasUnits
                || parameters.extradata_size() <= at
                || parameters.extradata().get(0) != 1) {
            return 0;
        }
        return (parameters.extradata().get(at) & 3) + 1;
    }

    private Optional<Packet> units(BytePointer data, int size) {
        boolean entry = true;
        boolean picture = false;
        boolean name = false;
        int headers = 0;
        long at = 0;
        while (size - at > lengthBytes) {
            long length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = (length << 8) | (data.get(at + i) & 0xFF);
            }
            at += lengthBytes;
            if (length == 0 || length > size - at) {
                return Optional.empty();
            }
            UnitKind kind = codec == VideoCodec.H264 ? h264(data.get(at)) : hevc(data.get(at));
            if ((kind == UnitKind.HEADER && length > MAX_HEADER_BYTES) || dropsUnshown(kind, data, at, length)) {
                return Optional.empty();
            }
            picture |= kind == UnitKind.REFRESH || kind == UnitKind.PICTURE;
            entry &= kind != UnitKind.PICTURE;
            name |= kind == UnitKind.NOTE && length > 1 && data.get(at + 1) == UNREGISTERED_USER_DATA;
            headers = kind == UnitKind.HEADER ? 31 * headers + hash(data, at, length) : headers;
            at += length;
        }
        return Optional.of(new Packet(entry && picture, headers, name));
    }

    /** ISO/IEC 23008-2, 7.3.6.1: no_output_of_prior_pics_flag loses frames that were decoded and not shown yet. */
    private boolean dropsUnshown(UnitKind kind, BytePointer data, long at, long length) {
        return codec == VideoCodec.HEVC && kind == UnitKind.REFRESH && length > 2 && (data.get(at + 2) & 0x40) != 0;
    }

    private enum UnitKind {
        /** A unit of a picture that drops all those before it. */
        REFRESH,
        PICTURE,
        /** A unit that holds for several pictures. */
        HEADER,
        /** H.264's supplemental enhancement information. */
        NOTE,
        OTHER
    }

    /** ISO/IEC 14496-10, table 7-1. */
    private static UnitKind h264(byte header) {
        return switch (header & 0x1F) {
            case 5 -> UnitKind.REFRESH;
            case 1, 2, 3, 4 -> UnitKind.PICTURE;
            case 6 -> UnitKind.NOTE;
            case 7, 8, 13, 15 -> UnitKind.HEADER;
            default -> UnitKind.OTHER;
        };
    }

    /** ISO/IEC 23008-2, table 7-1. */
    private static UnitKind hevc(byte header) {
        int type = (header >> 1) & 0x3F;
        if (type == 19 || type == 20) {
            return UnitKind.REFRESH;
        }
        return type < 32 ? UnitKind.PICTURE : type < 35 ? UnitKind.HEADER : UnitKind.OTHER;
    }

    /** The AV1 bitstream, 5.3 and 5.9: a first frame that is a key and shown. */
    private static Optional<Packet> openBitstreamUnits(BytePointer data, int size) {
        int headers = 0;
        long at = 0;
        while (at < size) {
            int header = data.get(at);
            int type = (header >> 3) & 0xF;
            at += (header & 4) == 0 ? 1 : 2;
            long length = 0;
            boolean more = (header & 2) != 0;
            if (!more) {
                length = size - at;
            }
            for (int shift = 0; more && at < size && shift < 35; shift += 7) {
                length |= (long) (data.get(at) & 0x7F) << shift;
                more = data.get(at++) < 0;
            }
            if (more || length < 0 || length > size - at || (type == 1 && length > MAX_HEADER_BYTES)) {
                return Optional.empty();
            }
            if (type == 1) { // OBU_SEQUENCE_HEADER
                headers = 31 * headers + hash(data, at, length);
            }
            if ((type == 3 || type == 6) && length > 0) { // OBU_FRAME_HEADER, OBU_FRAME
                // show_existing_frame 0, frame_type 0, show_frame 1
                return Optional.of(new Packet((data.get(at) & 0xF0) == 0x10, headers));
            }
            at += length;
        }
        return Optional.of(new Packet(false, headers));
    }

    private static int hash(BytePointer data, long at, long length) {
        byte[] bytes = new byte[(int) length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = data.get(at + i);
        }
        return Arrays.hashCode(bytes);
    }
}
