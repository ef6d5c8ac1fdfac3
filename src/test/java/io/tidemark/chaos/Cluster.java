package io.tidemark.chaos;

import io.tidemark.kafka.embedded.BrokerSpec;
import io.tidemark.kafka.embedded.ChildBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Three brokers, each a JVM, that keep three copies of everything and take a write when two have it. Clients reach each through a
 * {@link TcpProxy}; brokers reach each other directly, and so does who counts. Brokers are numbered from 0.
 */
final class Cluster implements AutoCloseable {
    static final int BROKERS = 3;

    private static final long EXIT_SECONDS_MAX = 60;
    /** Below the ports that the system gives to outgoing connections: a broker that is away finds its own again. */
    private static final int PORTS_FROM = 15_000;

    private static final int PORTS_TO = 30_000;

    private final Path folder;
    private final int[] clients;
    private final int[] proxied;
    private final int[] direct;
    private final int[] controllers;
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final ChildBroker[] brokers = new ChildBroker[BROKERS];

    private Cluster(Path folder) {
        this.folder = folder;
        int[] ports = freePorts(4 * BROKERS);
        clients = java.util.Arrays.copyOfRange(ports, 0, BROKERS);
        proxied = java.util.Arrays.copyOfRange(ports, BROKERS, 2 * BROKERS);
        direct = java.util.Arrays.copyOfRange(ports, 2 * BROKERS, 3 * BROKERS);
        controllers = java.util.Arrays.copyOfRange(ports, 3 * BROKERS, 4 * BROKERS);
    }

    static Cluster start(Path folder) throws IOException {
        Cluster cluster = new Cluster(folder);
        try {
            for (int i = 0; i < BROKERS; i++) {
                cluster.proxies.add(new TcpProxy(cluster.proxied[i], cluster.clients[i]));
            }
            // None is ready before two have met.
            List<CompletableFuture<Void>> starting = new ArrayList<>();
            for (int i = 0; i < BROKERS; i++) {
                int broker = i;
                starting.add(CompletableFuture.runAsync(() -> cluster.start(broker), task -> new Thread(task).start()));
            }
            starting.forEach(CompletableFuture::join);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static int[] freePorts(int count) {
        int[] ports = new int[count];
        int found = 0;
        int port = PORTS_FROM + (int) (ProcessHandle.current().pid() * 37 % (PORTS_TO - PORTS_FROM));
        while (found < count) {
            port = port + 1 < PORTS_TO ? port + 1 : PORTS_FROM;
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports[found++] = free.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        return ports;
    }

    private Map<String, String> settings(int broker) {
        Map<String, String> all = new HashMap<>();
        all.put("node.id", Integer.toString(broker + 1));
        all.put("controller.quorum.voters", listed(controllers, i -> (i + 1) + "@"));
        all.put(
                "listeners",
                "CLIENT://" + address(clients[broker]) + ",DIRECT://" + address(direct[broker]) + ",CONTROLLER://"
                        + address(controllers[broker]));
        all.put(
                "advertised.listeners",
                "CLIENT://" + address(proxied[broker]) + ",DIRECT://" + address(direct[broker]));
        all.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("inter.broker.listener.name", "DIRECT");
        all.put("default.replication.factor", "3");
        all.put("min.insync.replicas", "2");
        all.put("offsets.topic.replication.factor", "3");
        all.put("transaction.state.log.replication.factor", "3");
        all.put("transaction.state.log.min.isr", "2");
        all.put("share.coordinator.state.topic.replication.factor", "3");
        all.put("share.coordinator.state.topic.min.isr", "2");
        all.put("group.min.session.timeout.ms", "2000");
        all.put("broker.session.timeout.ms", "3000");
        all.put("broker.heartbeat.interval.ms", "500");
        return all;
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private static String listed(int[] ports, java.util.function.IntFunction<String> before) {
        return java.util.stream.IntStream.range(0, BROKERS)
                .mapToObj(i -> before.apply(i) + address(ports[i]))
                .collect(Collectors.joining(","));
    }

    /** HOST:PORT of every proxy. */
    String bootstrap() {
        return listed(proxied, i -> "");
    }

    /** HOST:PORT of every broker, past the proxies. */
    String directBootstrap() {
        return listed(direct, i -> "");
    }

    TcpProxy proxy(int broker) {
        return proxies.get(broker);
    }

    /** Starts a broker that is not there, and returns when it answers. */
    void start(int broker) {
        BrokerSpec spec = BrokerSpec.in(folder.resolve("broker-" + broker))
                .onPort(clients[broker])
                .with(settings(broker));
        brokers[broker] = ChildBroker.start(spec);
    }

    /** Ends a broker as kill -9 does. */
    void kill(int broker) {
        ProcessHandle process = ProcessHandle.of(brokers[broker].pid()).orElseThrow();
        brokers[broker].kill();
        process.onExit().orTimeout(EXIT_SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    /** Lets a broker hand over what it leads and end. */
    void stop(int broker) {
        brokers[broker].close();
    }

    @Override
    public void close() {
        for (ChildBroker broker : brokers) if (broker != null) broker.kill();
        for (TcpProxy proxy : proxies) {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
