package io.sparkvlm.preprocessing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes valid files at random, as a stranger's may be: bits flip, parts are cut, moved, doubled or lengthened. */
public final class Mutations {
    /** As many as the default build has time for; {@code -Dtest.jvm.args=-Dsparkvlm.mutations=N} makes more. */
    public static final int COUNT = Integer.getInteger("sparkvlm.mutations", 2000);

    private final SplittableRandom random = new SplittableRandom(5);

    /** One of the files, changed in one to three places; parts of the others may be in it. */
    public byte[] of(List<byte[]> files) {
        byte[] changed = any(files);
        for (int i = random.nextInt(1, 4); i > 0 && changed.length > 0; i--) {
            changed = changed(changed, any(files));
        }
        return changed;
    }

    private byte[] any(List<byte[]> files) {
        return files.get(random.nextInt(files.size())).clone();
    }

    private byte[] changed(byte[] file, byte[] other) {
        int at = random.nextInt(file.length);
        // Near the start are the headers: every second change is there.
        int near = random.nextBoolean() ? random.nextInt(Math.min(64, file.length)) : at;
        return switch (random.nextInt(6)) {
            case 0 -> {
                file[near] ^= (byte) (1 << random.nextInt(8));
                yield file;
            }
            case 1 -> {
                file[near] = (byte) random.nextInt();
                yield file;
            }
            case 2 -> {
                // A length or size of two or four bytes: its extremes.
                Arrays.fill(file, near, Math.min(file.length, near + (random.nextBoolean() ? 2 : 4)), (byte)
                        (random.nextBoolean() ? 0xFF : 0));
                yield file;
            }
            case 3 -> Arrays.copyOf(file, at);
            case 4 -> joined(file, at, other, random.nextInt(other.length + 1));
            default -> joined(file, at, file, random.nextInt(at + 1));
        };
    }

    /** The first file up to here, and the other one from there. */
    private static byte[] joined(byte[] first, int to, byte[] second, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first, 0, to);
        out.write(second, from, second.length - from);
        return out.toByteArray();
    }
}
