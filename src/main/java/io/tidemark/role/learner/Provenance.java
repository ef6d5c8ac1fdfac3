package io.tidemark.role.learner;

import io.tidemark.config.Sha256;
import io.tidemark.config.StreamSpec;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What decides a version's bits beside its records: what is declared, and what computes. */
final class Provenance {
    private Provenance() {}

    /**
     * The sha256 of the rules of learning and of all that is declared about how a network learns on a stream: its layers, its
     * section {@code training}, and the stream's {@code learning} and scaling.
     */
    static String config(StreamSpec stream, Network network) {
        StreamSpec.Learning l = stream.learning();
        String declared = StreamLearner.RULES + "|"
                + stream.generation() + "|" + stream.scalingIdentity() + "|"
                + l.pace().firstRows() + "|" + l.pace().firstSteps()
                + "|"
                + l.pace().rowsPerStep() + "|" + l.pace().publishRows() + "|" + l.bufferRows() + "|" + l.seed() + "|"
                + stream.input()
                        .image()
                        .map(image -> image.limits().keepBytes() + "|")
                        .orElse("")
                + network.hash() + "|" + network.training().identity();
        return Sha256.hex(declared);
    }

    /** The engine as a version names it: {@code dl4j/cpu nd4j 1.0.0-M2.1 cpu}. */
    static String engine(EngineInfo info) {
        return info.label() + " " + info.build();
    }

    /** The processor's architecture and, where the system tells it, its model. */
    static String machine() {
        String architecture = System.getProperty("os.arch");
        Path told = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(told)) return architecture;
        try (Stream<String> lines = Files.lines(told)) {
            return architecture
                    + lines.filter(line -> line.startsWith("model name"))
                            .findFirst()
                            .map(line ->
                                    " " + line.substring(line.indexOf(':') + 1).strip())
                            .orElse("");
        } catch (IOException e) {
            return architecture;
        }
    }
}
