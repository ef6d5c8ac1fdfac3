package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.GpuContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class Dl4jGpuIT extends GpuContract {
    @Override
    protected EngineProvider provider() {
        return new Dl4jProvider();
    }
}
