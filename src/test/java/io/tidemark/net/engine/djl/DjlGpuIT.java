package io.tidemark.net.engine.djl;

import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.GpuContract;
import org.junit.jupiter.api.Tag;

@Tag("gpu")
class DjlGpuIT extends GpuContract {
    @Override
    protected EngineProvider provider() {
        return new DjlProvider();
    }
}
