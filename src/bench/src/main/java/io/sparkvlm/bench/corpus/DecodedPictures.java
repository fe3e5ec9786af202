package io.sparkvlm.bench.corpus;

import io.sparkvlm.api.Sha256;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The upright pictures of a file.
 *
 * @param size of the first, or why there are none
 * @param digests SHA-256 of each one's RGB, in hexadecimal, or the first digits of it
 */
record DecodedPictures(String size, List<String> digests) {
    DecodedPictures {
        digests = List.copyOf(digests);
    }

    /** What a script wrote of a file: width, height and digests, or {@code error} and why, with tabs between them. */
    static DecodedPictures parse(String line) {
        String[] field = line.split("\t", -1);
        return field[0].equals("error")
                ? none(field[1])
                : new DecodedPictures(field[0] + " x " + field[1], List.of(field[2].split(" ", -1)));
    }

    static DecodedPictures none(String why) {
        return new DecodedPictures(why, List.of());
    }

    static String digest(RgbImage picture) {
        return Sha256.hex(picture.rgb());
    }

    boolean isNone() {
        return digests.isEmpty();
    }

    /** In what these, whose digests are whole, are other than a peer's, if they are. */
    Optional<String> differenceFrom(DecodedPictures peer) {
        if (!size.equals(peer.size())) {
            return Optional.of(peer.size() + " there, " + size + " here");
        }
        int both = Math.min(digests.size(), peer.digests().size());
        List<Integer> unequal = IntStream.range(0, both)
                .filter(i -> !digests.get(i).startsWith(peer.digests().get(i)))
                .boxed()
                .toList();
        String counts = peer.digests().size() + " there, " + digests.size() + " here";
        if (!unequal.isEmpty()) {
            return Optional.of(unequal.size() + " unequal, number " + unequal.get(0) + " first; " + counts);
        }
        return digests.size() == peer.digests().size() ? Optional.empty() : Optional.of(counts);
    }
}
