package io.tidemark.image.detect;

import io.tidemark.learn.fit.Fit;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract with a network whose weights are principal components in closed form. */
class PrincipalComponentsDetectorTest extends DetectorContract {
    private Engine engine;
    private Network network;

    @BeforeEach
    void open(@TempDir Path zoo) throws IOException {
        Files.writeString(zoo.resolve("image-pca.yaml"), """
                summary: Principal components of an image.
                works: Images that lie alike.
                fails: Shapes that move.
                cost: The eigenvectors of one covariance.
                paper: Pearson 1901
                kind: autoencoder
                input: image
                layers:
                  - flatten
                  - dense: {units: 12}
                  - dense: {units: output}
                training:
                  method: pca
                """);
        network = Zoo.load(zoo).spec("image-pca").bind(1, SHAPE.rows(), SHAPE.columns());
        engine = Engines.open("dl4j", new DeviceSpec.Cpu());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Override
    Detector fit(List<float[]> good, long seed) {
        NetworkState weights = ImageTeaching.weights(engine, network, good, 1, seed, Fit.Listener.NONE);
        return new NetworkDetector(engine, SHAPE, network, weights);
    }

    @Override
    Detector load(NetworkState state) {
        return new NetworkDetector(engine, SHAPE, network, state);
    }
}
