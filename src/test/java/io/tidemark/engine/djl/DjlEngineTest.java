package io.tidemark.engine.djl;

import io.tidemark.engine.DeviceSpec;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineContract;

class DjlEngineTest extends EngineContract {
    @Override
    protected Engine open() {
        return new DjlEngine(new DeviceSpec.Cpu());
    }
}
