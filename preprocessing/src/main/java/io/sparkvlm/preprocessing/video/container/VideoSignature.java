package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.video.VideoContainer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells a video file's kind from its first bytes; names and labels are not asked. */
final class VideoSignature {
    private static final int BRAND_AT = 8;
    private static final int TEXT_PROBE_BYTES = 256;
    /** The boxes that MP4 and QuickTime files begin with. */
    private static final Set<String> FIRST_BOXES = Set.of("ftyp", "moov", "mdat", "wide", "free", "skip", "pnot");
    /** Brands of pictures in the same kind of file. */
    private static final Set<String> PICTURES =
            Set.of("avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "crx ");

    /** Kinds that are known and not read. */
    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("an HLS playlist", "#EXTM3U"),
            new Foreign("an FFmpeg concat list", "ffconcat"),
            new Foreign("FFmpeg metadata", ";FFMETADATA"),
            new Foreign("a playlist", "[playlist]"),
            new Foreign("a session description", "v=0"),
            new Foreign("FLV", "FLV\u0001"),
            new Foreign("Ogg", "OggS"),
            new Foreign("ASF or WMV", "0&\u00b2u\u008ef\u00cf\u0011"),
            new Foreign("an MPEG program stream", "\0\0\u0001\u00ba"),
            new Foreign("an MPEG video stream", "\0\0\u0001\u00b3"),
            new Foreign("an H.264 or H.265 stream without a container", "\0\0\0\u0001"),
            new Foreign("IVF", "DKIF"),
            new Foreign("YUV4MPEG2", "YUV4MPEG2"),
            new Foreign("JPEG", "\u00ff\u00d8\u00ff"),
            new Foreign("PNG", "\u0089PNG"),
            new Foreign("GIF", "GIF8"),
            new Foreign("MP3", "ID3"),
            new Foreign("PDF", "%PDF"),
            new Foreign("gzip", "\u001f\u008b"),
            new Foreign("ZIP", "PK\u0003\u0004"));

    private VideoSignature() {}

    private record Foreign(String name, String prefix) {}

    /** The container, if it is one that is read. */
    static Optional<VideoContainer> container(byte[] bytes) {
        if (textAt(bytes, 0, 4).equals("\u001aE\u00df\u00a3")) {
            return Optional.of(VideoContainer.MATROSKA);
        }
        if (textAt(bytes, 0, 4).equals("RIFF") && textAt(bytes, 8, 4).equals("AVI ")) {
            return Optional.of(VideoContainer.AVI);
        }
        String box = textAt(bytes, 4, 4);
        boolean picture = box.equals("ftyp") && PICTURES.contains(textAt(bytes, BRAND_AT, 4));
        return FIRST_BOXES.contains(box) && !picture ? Optional.of(VideoContainer.MP4) : Optional.empty();
    }

    /** What a file that is not read looks like, as a person would call it. */
    static String describe(byte[] bytes) {
        for (Foreign foreign : FOREIGN) {
            if (textAt(bytes, 0, foreign.prefix().length()).equals(foreign.prefix())) {
                return foreign.name();
            }
        }
        if (textAt(bytes, 4, 4).equals("ftyp")) {
            return "a HEIC, AVIF or raw picture";
        }
        if (textAt(bytes, 0, 4).equals("RIFF")) {
            return "RIFF without a video";
        }
        if (bytes.length > 188 && bytes[0] == 'G' && bytes[188] == 'G') {
            return "an MPEG transport stream";
        }
        return textual(textAt(bytes, 0, TEXT_PROBE_BYTES));
    }

    private static String textual(String start) {
        String text = start.replace("\u00ef\u00bb\u00bf", "").strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("#extm3u")) {
            return "an HLS playlist";
        }
        if (text.startsWith("version https://git-lfs")) { // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
            return "a Git LFS pointer (\"git lfs pull\" fetches the file)";
        }
        if (text.contains("<mpd")) {
            return "a DASH manifest";
        }
        if (text.startsWith("<smil") || text.contains("<smoothstreamingmedia")) {
            return "a streaming manifest";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return "HTML";
        }
        if (text.startsWith("<")) {
            return "XML";
        }
        return text.startsWith("{") || text.startsWith("[") ? "JSON" : "unknown";
    }

    private static String textAt(byte[] bytes, int start, int length) {
        int from = Math.min(start, bytes.length);
        return new String(bytes, from, Math.min(length, bytes.length - from), StandardCharsets.ISO_8859_1);
    }
}
