package io.tidemark.net.engine.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NvidiaCard;
import java.util.List;
import java.util.Optional;

/** Which devices PyTorch can compute on here: asked of the driver and the build before anything is loaded, tried after. */
final class Devices {
    private static final int OLDEST = 50;
    private static final int NEWEST = 99;

    private Devices() {}

    /**
     * The rule, apart from the machine it is asked on.
     *
     * @param cards as the driver names them; empty when it is silent
     * @return why the device cannot be used, in a sentence with the remedy
     */
    static Optional<String> unusable(DeviceSpec device, Libtorch libtorch, List<NvidiaCard> cards) {
        if (libtorch == Libtorch.ABSENT) {
            return Optional.of("no PyTorch for " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                    + " is on the class path; name a libtorch by PYTORCH_LIBRARY_PATH, or take engine dl4j");
        }
        if (!(device instanceof DeviceSpec.Gpu gpu)) return Optional.empty();
        if (!libtorch.cuda()) {
            return Optional.of(
                    "this build of djl computes on the CPU only; build it with the Maven profile djl-cuda for"
                            + " compute capability 5.0 to 9.0, name a libtorch with CUDA by PYTORCH_LIBRARY_PATH, or take"
                            + " device cpu");
        }
        for (NvidiaCard card : cards) {
            if (card.index() == gpu.index()) return unusable(card, libtorch);
        }
        return Optional.of("nvidia-smi names no card " + gpu.index() + " here; take device cpu");
    }

    private static Optional<String> unusable(NvidiaCard card, Libtorch libtorch) {
        int capability = 10 * card.major() + card.minor();
        if (libtorch == Libtorch.OWN_CUDA || (capability >= OLDEST && capability <= NEWEST)) return Optional.empty();
        return Optional.of(card.name() + " has compute capability " + card.capability()
                + ", and the PyTorch of the profile djl-cuda holds machine code for 5.0 to 9.0; name another libtorch by"
                + " PYTORCH_LIBRARY_PATH, or take device cpu");
    }

    /** @throws EngineException when the device is unusable, or does not compute */
    static Device open(DeviceSpec spec) {
        Libtorch libtorch = Libtorch.present();
        List<NvidiaCard> cards =
                libtorch.cuda() && !(spec instanceof DeviceSpec.Cpu) ? NvidiaCard.present() : List.of();
        DeviceSpec wanted = spec instanceof DeviceSpec.Auto ? fastest(libtorch, cards) : spec;
        unusable(wanted, libtorch, cards).ifPresent(why -> {
            throw new EngineException("engine djl cannot use " + wanted + ": " + why);
        });
        PyTorch.start();
        return wanted instanceof DeviceSpec.Gpu gpu ? tried(gpu) : Device.cpu();
    }

    private static DeviceSpec fastest(Libtorch libtorch, List<NvidiaCard> cards) {
        for (NvidiaCard card : cards) {
            if (libtorch.cuda() && unusable(card, libtorch).isEmpty()) return new DeviceSpec.Gpu(card.index());
        }
        return new DeviceSpec.Cpu();
    }

    private static Device tried(DeviceSpec.Gpu gpu) {
        Device device = Device.gpu(gpu.index());
        try (NDManager manager = PyTorch.start().newBaseManager(device);
                NDArray two = manager.create(2f);
                NDArray four = two.mul(two)) {
            if (four.getFloat() == 4f) return device;
            throw new EngineException("engine djl cannot use " + gpu + ": it computed 2 · 2 = " + four.getFloat());
        } catch (ai.djl.engine.EngineException | IllegalArgumentException e) {
            throw new EngineException(
                    "engine djl cannot use " + gpu + ": " + e.getMessage() + "; take device cpu or another card", e);
        }
    }
}
