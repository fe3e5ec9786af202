package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;
import java.util.Locale;

/**
 * Walks the chunks of an AVI and of OpenDML's further parts one after the other: that every length ends inside the file,
 * how large the first video's frames are, and how many there are. One for each file.
 */
final class AviWalker {
    private static final int CHUNK_HEADER_BYTES = 8;
    /** RIFF and LIST have a kind before their chunks. */
    private static final int LIST_HEADER_BYTES = 12;

    private final VideoLimits limits;
    private final VideoTrack video = new VideoTrack();
    private int streams;
    private boolean videoIsNext;
    private String frameOfVideo = "";

    AviWalker(VideoLimits limits) {
        this.limits = limits;
    }

    void walk(FileSpan file) throws UnreadableVideoException {
        int at = 0;
        long endOfRiff = 0;
        while (file.length() - at >= CHUNK_HEADER_BYTES) {
            String name = file.fourCharacters(at, "chunk name");
            long length = file.u32LittleEndian(at + 4, "chunk length");
            if (video.isFound() && at >= endOfRiff && length > file.length() - at - CHUNK_HEADER_BYTES) {
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
        video.require(VideoContainer.AVI, limits);
    }

    private void read(String name, FileSpan content) throws UnreadableVideoException {
        switch (name) {
            case "strh" -> {
                videoIsNext = content.fourCharacters(0, name).equals("vids") && !video.isFound();
                if (videoIsNext) {
                    frameOfVideo = String.format(Locale.ROOT, "%02d", streams);
                }
                streams++;
            }
            case "strf" -> {
                if (videoIsNext) {
                    // BITMAPINFOHEADER; a height below zero says that rows are stored from the top.
                    long height = (int) content.u32LittleEndian(8, name);
                    video.find(content.u32LittleEndian(4, name), Math.abs(height));
                    videoIsNext = false;
                }
            }
            default -> {
                boolean frame = name.equals(frameOfVideo + "dc") || name.equals(frameOfVideo + "db");
                if (video.isFound() && frame) {
                    video.addFrames(1);
                }
            }
        }
    }
}
