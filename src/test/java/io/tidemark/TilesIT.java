package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.cli.Tidemark;
import io.tidemark.app.node.RoleName;
import io.tidemark.config.StreamFile;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every magnetic-tile image of the data folder, three times over, through replay and every role. It trains on all of them, which
 * takes minutes, and so runs only when asked for by {@code -Dtidemark.tiles=true}.
 */
class TilesIT {
    private static final Path DATA = Path.of("../shared/data/magnetic-tile");
    private static final int TIMES = 3;

    @TempDir
    Path folder;

    @Test
    void everyTileHasOneOutcomeAndAMap() throws IOException {
        boolean there = Files.isDirectory(DATA);
        if (!there) System.err.println("TilesIT is skipped: " + DATA + " is not here");
        assumeTrue(there, DATA + " is not here");
        boolean asked = Boolean.getBoolean("tidemark.tiles");
        if (!asked) System.err.println("TilesIT is skipped: it takes minutes; ask for it by -Dtidemark.tiles=true");
        assumeTrue(asked, "it takes minutes; ask for it by -Dtidemark.tiles=true");
        KafkaForTests broker = KafkaForTests.fresh();
        KafkaConnection kafka = KafkaConnection.to(broker.bootstrap());
        WholePath.createTopics(kafka);
        StreamSpec stream = StreamFile.read(Path.of("topology/examples/tile-line.yaml"));
        int good = count(DATA.resolve("MT_Free"));
        int images = count(DATA);
        int total = TIMES * images;
        long began = System.nanoTime();
        replay(broker, DATA.resolve("MT_Free"), 1);
        try (WholePath path =
                WholePath.start(kafka, List.of(stream), EnumSet.allOf(RoleName.class), folder.resolve("state"))) {
            path.awaitOutcomes(Duration.ofMinutes(5), good);
            Eventually.passes(
                    Duration.ofMinutes(8),
                    () -> assertThat(broker.read(kafka.names().models(), 1)).isNotEmpty());
            replay(broker, DATA, TIMES - 1);
            for (String defect : List.of("MT_Blowhole", "MT_Crack", "MT_Fray")) replay(broker, DATA.resolve(defect), 1);
            path.awaitOutcomes(Duration.ofMinutes(9), total);
            path.outcomes().readUntilSilence();
            assertThat(path.failure()).isEmpty();
            assertThat(path.outcomes().doubled()).isEmpty();
        }
        List<ConsumerRecord<byte[], byte[]>> scores = broker.read(kafka.names().scores(), total);
        List<ConsumerRecord<byte[], byte[]>> maps = broker.read(kafka.names().anomalyMaps(), images);
        System.err.printf(
                "tiles: %d images, %d times, one outcome each, %d maps, %.0f s; area under the ROC curve of the frames' errors %.3f%n",
                images, TIMES, maps.size(), (System.nanoTime() - began) / 1e9, rank(scores));
        for (int i = maps.size() - 200; i < maps.size(); i += 16) {
            BufferedImage map =
                    ImageIO.read(new ByteArrayInputStream(maps.get(i).value()));
            assertThat(map.getHeight())
                    .isEqualTo(stream.input().image().orElseThrow().size().height());
            Files.write(
                    Files.createDirectories(Path.of("target/tile-maps")).resolve(i + ".png"),
                    maps.get(i).value());
        }
    }

    private static void replay(KafkaForTests broker, Path path, int times) {
        String[] replay = {
            "replay",
            path.toString(),
            "--stream",
            "tile-line",
            "--match",
            "*.jpg",
            "--times",
            Integer.toString(times),
            "--series",
            "line-1",
            "--create",
            "1",
            "--bootstrap",
            broker.bootstrap()
        };
        assertThat(Tidemark.commandLine().execute(replay)).isZero();
    }

    /** How often a frame with a defect has a larger error than one without. */
    private static double rank(List<ConsumerRecord<byte[], byte[]>> scores) throws IOException {
        List<Double> good = new ArrayList<>();
        List<Double> bad = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : scores) {
            JsonNode frame = new ObjectMapper().readTree(record.value()).path("frame");
            if (!frame.has("error")) continue;
            // the second and third round name the folder
            String id = frame.path("id").asText();
            if (!id.startsWith("MT_")) continue;
            (id.startsWith("MT_Free") ? good : bad).add(frame.path("error").asDouble());
        }
        double above = 0;
        for (double b : bad) for (double g : good) above += b > g ? 1 : b == g ? 0.5 : 0;
        return above / ((double) good.size() * bad.size());
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return (int) files.filter(f -> f.toString().endsWith(".jpg")).count();
        }
    }
}
