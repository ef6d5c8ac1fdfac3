package io.tidemark.net.engine.djl;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineContract;

class DjlEngineTest extends EngineContract {
    @Override
    protected Engine open() {
        return new DjlEngine(new DeviceSpec.Cpu());
    }
}
