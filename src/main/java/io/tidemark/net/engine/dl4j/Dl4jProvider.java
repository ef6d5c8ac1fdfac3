package io.tidemark.net.engine.dl4j;

import io.tidemark.net.engine.DeviceSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineProvider;
import io.tidemark.net.engine.NvidiaCard;
import java.util.List;
import java.util.Optional;

/** Offers {@link Dl4jEngine}. */
public final class Dl4jProvider implements EngineProvider {
    private static final String CPU = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
    private static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";

    @Override
    public String name() {
        return Dl4jEngine.NAME;
    }

    @Override
    public int speed() {
        return 1;
    }

    @Override
    public Optional<String> unusable(DeviceSpec device) {
        boolean cuda = onClassPath(CUDA);
        return unusable(device, onClassPath(CPU), cuda, cuda ? NvidiaCard.present() : List.of());
    }

    /** The rule, apart from the machine it is asked on. */
    static Optional<String> unusable(DeviceSpec device, boolean cpu, boolean cuda, List<NvidiaCard> cards) {
        if (!cpu && !cuda) return Optional.of("no ND4J backend is on the class path; build with nd4j-native");
        if (!cuda) {
            return device instanceof DeviceSpec.Gpu
                    ? Optional.of("this build of dl4j computes on the CPU only; build it with the Maven profile cuda"
                            + " for cards up to compute capability 8.9, or take engine djl")
                    : Optional.empty();
        }
        if (device instanceof DeviceSpec.Cpu) {
            return Optional.of("this build of dl4j holds nd4j-cuda-11.6 in place of nd4j-native and computes on a card"
                    + " only; build it without the profile cuda, or take engine djl");
        }
        int index = device instanceof DeviceSpec.Gpu gpu ? gpu.index() : 0;
        if (index != 0) {
            return Optional.of("dl4j computes on gpu:0 only; choose the card with CUDA_VISIBLE_DEVICES=" + index
                    + " and set device gpu:0");
        }
        if (cards.isEmpty()) {
            return Optional.of("nvidia-smi names no card here; take device cpu with a build without the profile cuda");
        }
        return unusable(cards.get(0));
    }

    /** nd4j-cuda-11.6 holds machine code for 3.7, 5.x, 6.x, 7.x, 8.0 and 8.6, and no PTX that a newer card could compile. */
    private static Optional<String> unusable(NvidiaCard card) {
        int capability = 10 * card.major() + card.minor();
        if (capability >= 37 && capability < 90 && card.major() != 4) return Optional.empty();
        return Optional.of(card.name() + " has compute capability " + card.capability()
                + ", for which nd4j-cuda-11.6, the newest there is, holds no machine code (3.7 to 8.9); take engine djl"
                + (capability > 90 ? ", or device cpu" : ""));
    }

    private static boolean onClassPath(String resource) {
        return Dl4jProvider.class.getClassLoader().getResource(resource) != null;
    }

    @Override
    public Engine open(DeviceSpec device) {
        return Dl4jEngine.open(device);
    }
}
