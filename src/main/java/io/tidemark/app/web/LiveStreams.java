package io.tidemark.app.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The open event streams (server-sent events). A client that takes nothing for a while misses ticks and delays nobody; a page asks for what it shows at
 * the next one. Safe for any thread.
 */
final class LiveStreams {
    static final int CLIENTS_MAX = 64;

    private final List<Client> clients = new CopyOnWriteArrayList<>();

    private final class Client implements Callback {
        private final Response response;
        private final Callback done;
        private final AtomicBoolean writes = new AtomicBoolean();

        private Client(Response response, Callback done) {
            this.response = response;
            this.done = done;
        }

        private void send(byte[] event) {
            if (writes.compareAndSet(false, true)) response.write(false, ByteBuffer.wrap(event), this);
        }

        @Override
        public void succeeded() {
            writes.set(false);
        }

        @Override
        public void failed(Throwable cause) {
            if (clients.remove(this)) done.failed(cause);
        }
    }

    /** Takes a client; false when there are too many. */
    boolean add(Response response, Callback done) {
        if (clients.size() >= CLIENTS_MAX) return false;
        Client client = new Client(response, done);
        clients.add(client);
        client.send("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** Tells everybody. */
    void tick(long revision) {
        byte[] event = ("event: tick\ndata: " + revision + "\n\n").getBytes(StandardCharsets.UTF_8);
        for (Client client : clients) client.send(event);
    }

    int size() {
        return clients.size();
    }

    void close() {
        for (Client client : clients) {
            if (clients.remove(client)) client.done.succeeded();
        }
    }
}
