package io.tidemark.engine.djl;

import io.tidemark.engine.EngineProvider;
import io.tidemark.engine.GpuContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class DjlGpuIT extends GpuContract {
    @Override
    protected EngineProvider provider() {
        return new DjlProvider();
    }
}
