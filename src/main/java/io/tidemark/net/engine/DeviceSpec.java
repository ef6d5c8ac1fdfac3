package io.tidemark.net.engine;

/** Where a network is to run, as settings write it: {@code auto}, {@code cpu} or {@code gpu:N}. */
public sealed interface DeviceSpec {
    /** The fastest device that the engine can use here. */
    record Auto() implements DeviceSpec {
        @Override
        public String toString() {
            return "auto";
        }
    }

    record Cpu() implements DeviceSpec {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** @param index of the NVIDIA card, as {@code nvidia-smi} counts; in [0, 63] */
    record Gpu(int index) implements DeviceSpec {
        public Gpu {
            if (index < 0 || index > 63) {
                throw new IllegalArgumentException("device gpu:N must have N in [0, 63], but was " + index);
            }
        }

        @Override
        public String toString() {
            return "gpu:" + index;
        }
    }

    /** @throws IllegalArgumentException when it is none of the three */
    static DeviceSpec parse(String text) {
        if (text.equals("auto")) return new Auto();
        if (text.equals("cpu")) return new Cpu();
        if (text.matches("gpu:\\d{1,2}")) return new Gpu(Integer.parseInt(text.substring(4)));
        throw new IllegalArgumentException("device must be auto, cpu or gpu:N, but was " + text);
    }
}
