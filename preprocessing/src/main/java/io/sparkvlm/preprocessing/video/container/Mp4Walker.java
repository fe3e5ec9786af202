package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Set;

/**
 * Walks the boxes of an MP4 or QuickTime file, whole or fragmented (ISO/IEC 14496-12). Besides ending inside their
 * parents, tables hold as many entries as they say, and no few bytes make a demuxer build long ones. One for each file.
 */
final class Mp4Walker {
    private static final Set<String> PARENTS =
            Set.of("moov", "trak", "mdia", "minf", "stbl", "edts", "mvex", "moof", "traf");
    private static final int BOX_HEADER_BYTES = 8;
    private static final int LARGE_BOX_HEADER_BYTES = 16;
    /** The version and flags before the content of some boxes. */
    private static final int FULL_BOX_BYTES = 4;

    /** FFmpeg's own, mov.c. */
    private static final int MAX_DEPTH = 10;

    private static final int MAX_BOXES = 1 << 20;
    /** Entries of an index that FFmpeg builds in memory, some 50 bytes each: a day of sound. */
    private static final long MAX_INDEX = 1 << 22;

    private final VideoLimits limits;
    private final VideoTracks videos = new VideoTracks();
    private int boxes;
    private long fragmentSamples;
    private boolean hasHeader;
    private Track track = new Track();

    Mp4Walker(VideoLimits limits) {
        this.limits = limits;
    }

    /** What is gathered of one track. */
    private static final class Track {
        private long id;
        private String handler = "";
        private long width;
        private long height;
        private long samples;
        private long edits;
        private boolean encrypted;
    }

    void walk(FileSpan file) throws UnreadableVideoException {
        children(file, "", 0);
        if (!hasHeader) {
            throw UnreadableVideoException.damaged("expected a moov box in the MP4, found none");
        }
        videos.require(VideoContainer.MP4, limits);
    }

    private void children(FileSpan parent, String parentName, int depth) throws UnreadableVideoException {
        int at = 0;
        while (parent.length() - at >= BOX_HEADER_BYTES) {
            long size = parent.u32(at, "box size");
            String name = parent.fourCharacters(at + 4, "box name");
            int header = BOX_HEADER_BYTES;
            if (size == 1) {
                size = parent.u64(at + BOX_HEADER_BYTES, "large box size");
                header = LARGE_BOX_HEADER_BYTES;
            } else if (size == 0) {
                size = (long) parent.length() - at; // ISO/IEC 14496-12, 4.2: to the end
            }
            boolean isBox = size >= header && (size <= parent.length() - at || isName(name));
            if (depth == 0 && hasHeader && !isBox) {
                return; // what lies behind the boxes is no part of the file, nor does FFmpeg look there
            }
            if (size < header) {
                throw UnreadableVideoException.damaged("expected a box of at least " + header + " bytes at byte "
                        + parent.inFile(at) + ", found " + Long.toUnsignedString(size));
            }
            FileSpan box = parent.part(at, size, "an MP4's " + printable(name) + " box");
            boxes++;
            if (boxes > MAX_BOXES) {
                throw UnreadableVideoException.damaged("expected at most " + MAX_BOXES + " boxes, found more");
            }
            read(name, parentName, box.part(header, size - header, "box"), depth);
            at += (int) size;
        }
    }

    private void read(String name, String parent, FileSpan content, int depth) throws UnreadableVideoException {
        if (name.equals("trak")) {
            track = new Track();
        }
        hasHeader |= name.equals("moov");
        if (PARENTS.contains(name)) {
            if (depth == MAX_DEPTH) {
                throw UnreadableVideoException.damaged(
                        "expected boxes " + MAX_DEPTH + " deep at most, found deeper at byte " + content.inFile(0));
            }
            children(content, name, depth + 1);
        }
        switch (name) {
            case "cmov" ->
                throw UnreadableVideoException.damaged(
                        "expected a header as it is, found a compressed one at byte " + content.inFile(0));
            case "tkhd" -> track.id = content.u32(content.u8(0, name) == 1 ? 20 : 12, name);
            case "hdlr" -> track.handler = parent.equals("mdia") ? content.fourCharacters(8, name) : track.handler;
            case "stsd" -> sampleDescription(content);
            case "stsz" -> sampleSizes(content);
            case "stz2" -> {
                int bits = content.u8(7, name);
                long count = content.u32(8, name);
                content.part(12, (count * bits + 7) / 8, "stz2's sizes");
                track.samples += count;
                requireIndex(track.samples);
            }
            case "stts", "ctts" -> timeTable(content, name);
            case "stsc" -> table(content, name, 12);
            case "stco", "stss", "stps" -> table(content, name, 4);
            case "co64" -> table(content, name, 8);
            case "elst" -> track.edits += table(content, name, content.u8(0, name) == 1 ? 20 : 12);
            case "tfhd" -> track.id = content.u32(FULL_BOX_BYTES, name);
            case "trun" -> run(content);
            case "trak" -> endTrack();
            default -> {} // what says nothing of sizes
        }
    }

    private void endTrack() throws UnreadableVideoException {
        // Each edit may repeat the whole track in FFmpeg's index.
        requireIndex(Math.max(1, track.edits) * Math.max(1, track.samples));
        if (track.handler.equals("vide")) {
            videos.add(new VideoTrack(track.id, track.width, track.height, track.encrypted));
            videos.addFrames(track.id, track.samples);
        }
    }

    /** 8.5.2 and 12.1.3: the first entry's size; entries of sound have something else there, and no one asks. */
    private void sampleDescription(FileSpan content) throws UnreadableVideoException {
        if (content.u32(FULL_BOX_BYTES, "stsd") == 0) {
            return;
        }
        FileSpan entry = content.part(8, content.u32(8, "stsd"), "stsd's entry");
        track.encrypted |=
                entry.length() >= 8 && entry.fourCharacters(4, "stsd's entry").equals("encv");
        if (entry.length() >= 36) {
            track.width = entry.u16(32, "stsd's width");
            track.height = entry.u16(34, "stsd's height");
        }
    }

    private void sampleSizes(FileSpan content) throws UnreadableVideoException {
        long size = content.u32(4, "stsz");
        long count = content.u32(8, "stsz");
        if (size == 0) {
            content.part(12, 4 * count, "stsz's sizes");
            track.samples += count;
        } else if (count > limits.maxFileBytes() / size) {
            throw UnreadableVideoException.damaged("expected samples that fit a file, found " + count + " of " + size
                    + " bytes at byte " + content.inFile(0));
        } else if (track.handler.equals("vide")) {
            track.samples += count;
        }
        // FFmpeg puts sound whose samples are all one size into its index by the chunk.
        requireIndex(track.samples);
    }

    /** Counts and times: FFmpeg spreads the counts over an entry for each sample. */
    private void timeTable(FileSpan content, String name) throws UnreadableVideoException {
        long entries = table(content, name, 8);
        if (!track.handler.equals("vide")) {
            return; // Sound of one size is a single entry of many millions, which stays one.
        }
        long samples = 0;
        for (int i = 0; i < entries; i++) {
            samples += content.u32(8 + 8 * i, name);
        }
        requireIndex(samples);
    }

    private void run(FileSpan content) throws UnreadableVideoException {
        long flags = content.u32(0, "trun");
        long count = content.u32(4, "trun");
        int before = 8 + 4 * Long.bitCount(flags & 0x5); // 8.8.8.1: data-offset, first-sample-flags
        content.part(before, count * 4 * Long.bitCount(flags & 0xF00), "trun's samples");
        fragmentSamples += count;
        requireIndex(fragmentSamples);
        videos.addFrames(track.id, count);
    }

    /** A table that says how many entries it has, after its version and flags. */
    private static long table(FileSpan content, String name, int entryBytes) throws UnreadableVideoException {
        long count = content.u32(FULL_BOX_BYTES, name);
        content.part(8, count * entryBytes, name + "'s entries");
        return count;
    }

    private static void requireIndex(long entries) throws UnreadableVideoException {
        if (entries > MAX_INDEX) {
            throw UnreadableVideoException.damaged(
                    "expected an index of at most " + MAX_INDEX + " samples, found " + entries);
        }
    }

    private static String printable(String name) {
        return isName(name) ? name : "unnamed";
    }

    private static boolean isName(String name) {
        return name.matches("[A-Za-z0-9]{4}");
    }
}
