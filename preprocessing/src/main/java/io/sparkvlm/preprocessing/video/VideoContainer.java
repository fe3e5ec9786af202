package io.sparkvlm.preprocessing.video;

/** The kinds of video file that are read. */
public enum VideoContainer {
    /** ISO base media: MP4, QuickTime and 3GP, whole or fragmented. */
    MP4("MP4", "mov"),
    /** EBML: WebM and Matroska. */
    MATROSKA("Matroska", "matroska"),
    /** RIFF, with or without OpenDML's further parts. */
    AVI("AVI", "avi");

    private final String shownName;
    private final String demuxer;

    VideoContainer(String shownName, String demuxer) {
        this.shownName = shownName;
        this.demuxer = demuxer;
    }

    /** As a message says it. */
    public String shownName() {
        return shownName;
    }

    /** FFmpeg's name of the one demuxer that may read it. */
    public String demuxer() {
        return demuxer;
    }
}
