package io.tidemark.engine.dl4j;

import io.tidemark.engine.EngineProvider;
import io.tidemark.engine.GpuContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class Dl4jGpuIT extends GpuContract {
    @Override
    protected EngineProvider provider() {
        return new Dl4jProvider();
    }
}
