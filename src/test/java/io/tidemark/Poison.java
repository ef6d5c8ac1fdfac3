package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Records that no role wrote: what a broken or hostile writer may put on a topic. */
public final class Poison {
    private Poison() {}

    /** One record of each kind, made from a good one; {@code null} is a record without a value. */
    public static Map<String, byte @Nullable []> kinds(byte[] good) {
        Map<String, byte @Nullable []> kinds = new LinkedHashMap<>();
        kinds.put("null", null);
        kinds.put("empty", new byte[0]);
        kinds.put("truncated", Arrays.copyOf(good, good.length / 2));
        kinds.put("one-short", Arrays.copyOf(good, good.length - 1));
        kinds.put("one-long", Arrays.copyOf(good, good.length + 1));
        byte[] version = good.clone();
        version[0] = 77;
        kinds.put("wrong-version", version);
        byte[] flipped = good.clone();
        flipped[0] ^= 1;
        kinds.put("bit-flipped", flipped);
        kinds.put("wrong-type", "7".getBytes(UTF_8));
        kinds.put("text", "\"text\"".getBytes(UTF_8));
        kinds.put("two-bytes", new byte[] {(byte) 0xff, 0});
        kinds.put("object", "{}".getBytes(UTF_8));
        kinds.put("array", "[]".getBytes(UTF_8));
        kinds.put("null-json", "null".getBytes(UTF_8));
        byte[] huge = new byte[900_000];
        new Random(5).nextBytes(huge);
        kinds.put("huge", huge);
        return kinds;
    }

    /** A good record with one to four bits, bytes or stretches changed; seeded by the caller. */
    public static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
                default -> {
                    byte fill = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), fill);
                }
            }
        }
        return bytes;
    }
}
