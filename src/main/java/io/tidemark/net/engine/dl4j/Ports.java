package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Network;
import java.util.List;

/** Names of inputs and outputs. */
final class Ports {
    private Ports() {}

    /**
     * The place of a port among the others.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    static int require(List<Network.Port> ports, String name) {
        for (int i = 0; i < ports.size(); i++) if (ports.get(i).name().equals(name)) return i;
        List<String> known = ports.stream().map(Network.Port::name).toList();
        throw new IllegalArgumentException("there is no " + name + "; there is " + String.join(", ", known));
    }
}
