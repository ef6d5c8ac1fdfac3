package io.tidemark.app.backtest;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;

class Dl4jLearningTest extends LearningContract {
    @Override
    protected Engine open() {
        return Engines.open("dl4j", new DeviceSpec.Cpu());
    }
}
