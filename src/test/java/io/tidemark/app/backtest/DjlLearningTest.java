package io.tidemark.app.backtest;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.Engines;

class DjlLearningTest extends LearningContract {
    @Override
    protected Engine open() {
        return Engines.open("djl", new DeviceSpec.Cpu());
    }
}
