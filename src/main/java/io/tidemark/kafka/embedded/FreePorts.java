package io.tidemark.kafka.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds free ports on the loopback address; all sockets stay open while choosing, so that the ports differ. */
final class FreePorts {
    private FreePorts() {}

    /**
     * @param wanted a port for each place, 0 for any free one
     * @throws java.net.BindException when a wanted port is taken
     */
    static int[] choose(int... wanted) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port : wanted) {
                held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
