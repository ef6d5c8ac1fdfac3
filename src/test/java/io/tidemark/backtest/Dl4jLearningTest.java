package io.tidemark.backtest;

import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.Engines;

class Dl4jLearningTest extends LearningContract {
    @Override
    protected Engine open() {
        return Engines.open("dl4j", new DeviceSpec.Cpu());
    }
}
