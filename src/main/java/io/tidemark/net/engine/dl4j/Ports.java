package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Network;
import java.util.List;

/** Names of inputs and outputs. */
final class Ports {
    private Ports() {}

    /** @throws IllegalArgumentException when the only port has another name */
    static void require(List<Network.Port> ports, String name) {
        String known = ports.get(0).name();
        if (!known.equals(name)) throw new IllegalArgumentException("there is no " + name + "; there is " + known);
    }
}
