package io.tidemark.net.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A card of this machine, read before any backend is loaded, for a backend without machine code for a card fails late and
 * unclearly.
 *
 * @param index as {@code nvidia-smi} counts
 * @param name such as {@code NVIDIA L4}
 * @param major of the compute capability
 * @param minor of the compute capability
 */
public record NvidiaCard(int index, String name, int major, int minor) {

    public String capability() {
        return major + "." + minor;
    }

    /** The cards that the driver's {@code nvidia-smi} names; none when it is absent or does not answer in 10 s. */
    public static List<NvidiaCard> present() {
        ProcessBuilder builder =
                new ProcessBuilder("nvidia-smi", "--query-gpu=index,name,compute_cap", "--format=csv,noheader");
        builder.redirectErrorStream(true);
        try {
            Process process = builder.start();
            List<NvidiaCard> cards;
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                cards = parse(lines.lines().toList());
            }
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return cards;
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Cards from lines such as {@code 0, NVIDIA L4, 8.9}; other lines are passed over. */
    static List<NvidiaCard> parse(List<String> lines) {
        List<NvidiaCard> cards = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split("\\s*,\\s*", -1);
            if (parts.length != 3 || !parts[0].matches("\\d{1,3}") || !parts[2].matches("\\d{1,3}\\.\\d")) continue;
            String[] capability = parts[2].split("\\.", -1);
            cards.add(new NvidiaCard(
                    Integer.parseInt(parts[0]),
                    parts[1],
                    Integer.parseInt(capability[0]),
                    Integer.parseInt(capability[1])));
        }
        return List.copyOf(cards);
    }
}
