package io.tidemark.backtest;

import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.Engines;

class DjlLearningTest extends LearningContract {
    @Override
    protected Engine open() {
        return Engines.open("djl", new DeviceSpec.Cpu());
    }
}
