package io.tidemark.net.engine.djl;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.NvidiaCard;
import java.util.List;
import java.util.Optional;

/** Offers {@link DjlEngine}. */
public final class DjlProvider implements EngineProvider {
    @Override
    public String name() {
        return DjlEngine.NAME;
    }

    @Override
    public int speed() {
        return 10;
    }

    @Override
    public Optional<String> unusable(DeviceSpec device) {
        Libtorch libtorch = Libtorch.present();
        boolean asksCards = device instanceof DeviceSpec.Gpu && libtorch.cuda();
        return Devices.unusable(device, libtorch, asksCards ? NvidiaCard.present() : List.of());
    }

    @Override
    public Engine open(DeviceSpec device) {
        return new DjlEngine(device);
    }
}
