package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.regex.Pattern;

/**
 * Walks the chunks of an AVI and of OpenDML's further parts one after the other: that every length ends inside the file,
 * how large each video's frames are, and how many there are. One for each file.
 */
final class AviWalker {
    private static final int CHUNK_HEADER_BYTES = 8;
    /** RIFF and LIST have a kind before their chunks. */
    private static final int LIST_HEADER_BYTES = 12;

    /** The number of the stream, and whether its picture is compressed. */
    private static final Pattern FRAME = Pattern.compile("[0-9]{2}d[bc]");

    private final VideoLimits limits;
    private final VideoTracks videos = new VideoTracks();
    private int streams;
    private boolean videoIsNext;

    AviWalker(VideoLimits limits) {
        this.limits = limits;
    }

    void walk(FileSpan file) throws UnreadableVideoException {
        int at = 0;
        long endOfRiff = 0;
        while (file.length() - at >= CHUNK_HEADER_BYTES) {
            String name = file.fourCharacters(at, "chunk name");
            long length = file.u32LittleEndian(at + 4, "chunk length");
            if (videos.areFound() && at >= endOfRiff && length > file.length() - at - CHUNK_HEADER_BYTES) {
                break; // what lies behind the file's own end is no part of it
            }
            FileSpan content = file.part(at + CHUNK_HEADER_BYTES, length, "an AVI's chunk");
            if (name.equals("RIFF")) {
                endOfRiff = at + CHUNK_HEADER_BYTES + length;
            }
            if (name.equals("RIFF") || name.equals("LIST")) {
                content.fourCharacters(0, "the kind of a list");
                at += LIST_HEADER_BYTES; // its chunks are read as if they stood beside it
                continue;
            }
            read(name, content);
            // A chunk begins at an even place; the last one's padding may be missing.
            at = (int) Math.min(file.length(), at + CHUNK_HEADER_BYTES + length + length % 2);
        }
        videos.require(VideoContainer.AVI, limits);
    }

    private void read(String name, FileSpan content) throws UnreadableVideoException {
        switch (name) {
            case "strh" -> {
                videoIsNext = content.fourCharacters(0, name).equals("vids");
                streams++;
            }
            case "strf" -> {
                if (videoIsNext) {
                    // BITMAPINFOHEADER; a height below zero says that rows are stored from the top.
                    long height = (int) content.u32LittleEndian(8, name);
                    videos.add(new VideoTrack(streams - 1, content.u32LittleEndian(4, name), Math.abs(height), false));
                    videoIsNext = false;
                }
            }
            default -> {
                if (FRAME.matcher(name).matches()) {
                    videos.addFrames(Integer.parseInt(name.substring(0, 2)), 1);
                }
            }
        }
    }
}
