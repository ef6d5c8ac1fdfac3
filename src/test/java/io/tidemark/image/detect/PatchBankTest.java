package io.tidemark.image.detect;

import io.tidemark.net.engine.NetworkState;
import java.util.List;

/** The contract with a bank of patches. */
class PatchBankTest extends DetectorContract {
    @Override
    Detector fit(List<float[]> good, long seed) {
        return PatchBank.of(ImageDetectorTest.BANK, SHAPE, good, seed);
    }

    @Override
    Detector load(NetworkState state) {
        return PatchBank.load(state).orElseThrow();
    }
}
