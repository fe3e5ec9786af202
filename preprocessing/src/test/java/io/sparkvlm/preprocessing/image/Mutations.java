package io.sparkvlm.preprocessing.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Image files that were valid: with flipped bits, cut off, with other lengths, or with a piece of another. */
public final class Mutations {
    private final List<byte[]> valid = new ArrayList<>();
    private final SplittableRandom random;

    public Mutations(long seed) throws IOException {
        this.random = new SplittableRandom(seed);
        for (Pictures.Expected picture : Pictures.expected()) {
            valid.add(Pictures.read("images/" + picture.name()));
        }
    }

    public byte[] next() {
        byte[] file = valid.get(random.nextInt(valid.size())).clone();
        return switch (random.nextInt(4)) {
            case 0 -> flipped(file);
            case 1 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 2 -> lengthened(file);
            default -> spliced(file, valid.get(random.nextInt(valid.size())));
        };
    }

    private byte[] flipped(byte[] file) {
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return file;
    }

    /** Two or four bytes that may be a length, large or small, in either order. */
    private byte[] lengthened(byte[] file) {
        int bytes = random.nextBoolean() ? 2 : 4;
        int at = random.nextInt(Math.min(file.length - bytes, random.nextBoolean() ? 64 : file.length));
        int fill = random.nextInt(3);
        for (int i = 0; i < bytes; i++) {
            file[at + i] = fill == 0 ? 0 : fill == 1 ? (byte) 0xFF : (byte) random.nextInt();
        }
        return file;
    }

    private byte[] spliced(byte[] file, byte[] other) {
        int end = random.nextInt(file.length);
        int start = random.nextInt(other.length);
        byte[] both = Arrays.copyOf(file, end + other.length - start);
        System.arraycopy(other, start, both, end, other.length - start);
        return both;
    }
}
