package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoContainer;
import io.sparkvlm.preprocessing.video.VideoLimits;

/**
 * Walks the elements of a WebM or Matroska file (RFC 8794, RFC 9559) one after the other: that every length ends inside
 * the file, what kind of track each video is, and how many blocks it has. One for each file.
 */
final class MatroskaWalker {
    private static final int EBML = 0x1A45DFA3;
    private static final int DOC_TYPE = 0x4282;
    private static final int MAX_DOC_TYPE_BYTES = 64;
    private static final int SEGMENT = 0x18538067;
    private static final int TRACKS = 0x1654AE6B;
    private static final int TRACK_ENTRY = 0xAE;
    private static final int TRACK_NUMBER = 0xD7;
    private static final int TRACK_TYPE = 0x83;
    private static final int VIDEO = 0xE0;
    private static final int PIXEL_WIDTH = 0xB0;
    private static final int PIXEL_HEIGHT = 0xBA;
    private static final int CONTENT_ENCODINGS = 0x6D80;
    private static final int CONTENT_ENCODING = 0x6240;
    private static final int CONTENT_ENCRYPTION = 0x5035;
    private static final int CLUSTER = 0x1F43B675;
    private static final int BLOCK_GROUP = 0xA0;
    private static final int BLOCK = 0xA1;
    private static final int SIMPLE_BLOCK = 0xA3;

    private static final int VIDEO_TYPE = 1; // RFC 9559, 5.1.4.1.3

    private final VideoLimits limits;
    private final VideoTracks videos = new VideoTracks();

    MatroskaWalker(VideoLimits limits) {
        this.limits = limits;
    }

    /** An element's id and where its content lies; one of unknown length goes on to the end of what holds it. */
    private record Element(int id, int contentAt, long length, boolean lengthKnown) {}

    /** What is gathered of one track. */
    private static final class Track {
        private long number;
        private long type;
        private long width;
        private long height;
        private boolean encrypted;
    }

    void walk(FileSpan file) throws UnreadableVideoException {
        int at = 0;
        while (at < file.length()) {
            Element element = element(file, at);
            FileSpan content = content(file, element);
            at = element.contentAt();
            switch (element.id()) {
                // Their children are read as if they stood beside them, so that a length may be unknown.
                case SEGMENT, CLUSTER, BLOCK_GROUP, TRACKS -> {}
                case EBML -> {
                    readHeader(content);
                    at += content.length();
                }
                case TRACK_ENTRY -> {
                    readTrack(content);
                    at += content.length();
                }
                case SIMPLE_BLOCK, BLOCK -> {
                    videos.addFrames(number(content, 0).value(), 1);
                    at += content.length();
                }
                default -> at += content.length();
            }
        }
        videos.require(VideoContainer.MATROSKA, limits);
    }

    private static void readHeader(FileSpan header) throws UnreadableVideoException {
        for (int at = 0; at < header.length(); ) {
            Element element = element(header, at);
            FileSpan content = content(header, element);
            if (element.id() == DOC_TYPE && !isMatroska(content)) {
                throw new UnreadableVideoException(
                        MediaFault.UNSUPPORTED_MEDIA_TYPE, "expected WebM or Matroska, found EBML of another kind");
            }
            at = element.contentAt() + content.length();
        }
    }

    private static boolean isMatroska(FileSpan docType) {
        if (docType.length() > MAX_DOC_TYPE_BYTES) {
            return false;
        }
        String type = docType.text().replace("\0", "");
        return type.equals("webm") || type.equals("matroska");
    }

    private void readTrack(FileSpan entry) throws UnreadableVideoException {
        Track track = new Track();
        readTrack(entry, track);
        if (track.type == VIDEO_TYPE) {
            videos.add(new VideoTrack(track.number, track.width, track.height, track.encrypted));
        }
    }

    private static void readTrack(FileSpan entry, Track track) throws UnreadableVideoException {
        for (int at = 0; at < entry.length(); ) {
            Element element = element(entry, at);
            FileSpan content = content(entry, element);
            switch (element.id()) {
                case TRACK_NUMBER -> track.number = unsigned(content);
                case TRACK_TYPE -> track.type = unsigned(content);
                case PIXEL_WIDTH -> track.width = unsigned(content);
                case PIXEL_HEIGHT -> track.height = unsigned(content);
                case CONTENT_ENCRYPTION -> track.encrypted = true;
                default -> {}
            }
            boolean entered =
                    switch (element.id()) {
                        case VIDEO, CONTENT_ENCODINGS, CONTENT_ENCODING -> true;
                        default -> false;
                    };
            at = element.contentAt() + (entered ? 0 : content.length());
        }
    }

    private static FileSpan content(FileSpan parent, Element element) throws UnreadableVideoException {
        boolean mayBeOpen = element.id() == SEGMENT || element.id() == CLUSTER;
        if (!element.lengthKnown() && !mayBeOpen) {
            throw UnreadableVideoException.damaged("expected an element of a known length at byte "
                    + parent.inFile(element.contentAt()) + ", found one without");
        }
        long length = element.lengthKnown() ? element.length() : parent.length() - element.contentAt();
        return parent.part(element.contentAt(), length, "a Matroska element " + Integer.toHexString(element.id()));
    }

    private static Element element(FileSpan parent, int at) throws UnreadableVideoException {
        int idBytes = Integer.numberOfLeadingZeros(parent.u8(at, "an element's id")) - 23;
        if (idBytes > 4) {
            throw UnreadableVideoException.damaged(
                    "expected an element's id at byte " + parent.inFile(at) + ", found another byte");
        }
        int id = (int) parent.bigEndian(at, idBytes, "an element's id");
        Length length = number(parent, at + idBytes);
        return new Element(id, at + idBytes + length.bytes(), length.value(), !length.allOnes());
    }

    /** A number whose first byte says how long it is; all ones say that nothing is known (RFC 8794, 4 and 6.2). */
    private record Length(long value, int bytes, boolean allOnes) {}

    private static Length number(FileSpan span, int at) throws UnreadableVideoException {
        int bytes = Integer.numberOfLeadingZeros(span.u8(at, "an element's length")) - 23;
        if (bytes > 8) {
            throw UnreadableVideoException.damaged(
                    "expected an element's length at byte " + span.inFile(at) + ", found another byte");
        }
        long mask = (1L << (7 * bytes)) - 1;
        long value = span.bigEndian(at, bytes, "an element's length") & mask;
        return new Length(value, bytes, value == mask);
    }

    private static long unsigned(FileSpan content) throws UnreadableVideoException {
        if (content.length() > 8) {
            throw UnreadableVideoException.damaged("expected a number of at most 8 bytes at byte " + content.inFile(0)
                    + ", found one of " + content.length());
        }
        return content.bigEndian(0, content.length(), "a number");
    }
}
