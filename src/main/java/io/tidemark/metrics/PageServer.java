package io.tidemark.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves small texts over HTTP/1.1 (RFC 9112: GET and HEAD, kept connections, gzip) from one thread that never waits for a client.
 *
 * <p>A client that sends half a request, or takes its answer slowly, holds a few hundred bytes until its time is over (with TLS
 * {@link TlsChannel}'s buffers too), and delays nobody. When the limit of connections is reached, the one that is nearest to the end of its time makes room for the next.
 */
final class PageServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    private static final long LOOK_MS = 200;
    private static final int GZIP_BYTES_MIN = 512;

    private final Selector selector;
    private final ServerSocketChannel server;
    private final Pages pages;
    private final Limits limits;
    private final @Nullable SSLContext tls;
    private final Thread thread;
    private final List<SelectionKey> clients = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param connections open at a time; in [1, 65536]
     * @param request from its first byte to its empty line
     * @param answer from the request to the last byte that the client takes
     * @param idle between two requests
     */
    record Limits(int connections, Duration request, Duration answer, Duration idle) {
        static final Limits DEFAULT =
                new Limits(1024, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(90));
        /** Connections that are encrypted hold more memory. */
        static final Limits ENCRYPTED = new Limits(256, DEFAULT.request, DEFAULT.answer, DEFAULT.idle);

        Limits {
            if (connections < 1 || connections > 65_536) {
                throw new IllegalArgumentException("connections must be in [1, 65536], but was " + connections);
            }
        }
    }

    /** What is served; asked by the server's thread, which serves nobody else meanwhile. */
    interface Pages {
        /** The bytes that answer a request. */
        ByteBuffer answer(PageRequest request);
    }

    /**
     * Opens the server.
     *
     * @param tls null: what is sent is not encrypted
     * @throws IOException when the address cannot be listened on
     */
    PageServer(InetSocketAddress address, Pages pages, Limits limits, @Nullable SSLContext tls) throws IOException {
        this.pages = pages;
        this.tls = tls;
        this.limits = limits;
        selector = Selector.open();
        server = ServerSocketChannel.open();
        try {
            server.bind(address, 128);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            server.close();
            selector.close();
            throw e;
        }
        thread = new Thread(this::run, "metrics-endpoint");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.socket().getLocalPort();
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(LOOK_MS);
                for (SelectionKey key : selector.selectedKeys()) serve(key);
                selector.selectedKeys().clear();
                long nowNs = System.nanoTime();
                for (SelectionKey key : List.copyOf(clients))
                    if (connection(key).isOver(nowNs)) end(key);
            } catch (IOException e) {
                LOG.warn("the metrics page is in trouble: {}", e.toString());
            }
        }
        for (SelectionKey key : List.copyOf(clients)) end(key);
    }

    private static PageConnection connection(SelectionKey key) {
        return (PageConnection) key.attachment();
    }

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) return;
        if (key.isAcceptable()) {
            accept();
            return;
        }
        PageConnection client = connection(key);
        long nowNs = System.nanoTime();
        boolean goesOn = false;
        try {
            goesOn = key.isWritable() ? client.goOn(pages, key, nowNs) : client.read(pages, key, nowNs);
        } catch (IOException e) {
            LOG.debug("a client of the metrics page has gone", e);
        }
        if (!goesOn) end(key);
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) return;
        if (clients.size() >= limits.connections()) makeRoom();
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        PageChannel bytes = tls == null ? PageChannel.plain(channel) : new TlsChannel(channel, tls);
        PageConnection client = new PageConnection(bytes, limits, System.nanoTime());
        clients.add(channel.register(selector, SelectionKey.OP_READ, client));
    }

    private void makeRoom() {
        @Nullable SelectionKey first = null;
        for (SelectionKey key : clients) {
            if (!connection(key).answers()) {
                first = key;
                break;
            }
        }
        end(first == null ? clients.get(0) : first);
    }

    private void end(SelectionKey key) {
        key.cancel();
        clients.remove(key);
        connection(key).close();
    }

    /**
     * The bytes of an answer.
     *
     * @param headers further header lines, each with its line's end; may be empty
     */
    static ByteBuffer answer(PageRequest request, int status, String type, String headers, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean gzip = request.takesGzip() && body.length >= GZIP_BYTES_MIN;
        if (gzip) body = compressed(body);
        String head = "HTTP/1.1 " + status + " " + phrase(status) + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length + "\r\nVary: Accept-Encoding\r\n" + (gzip ? "Content-Encoding: gzip\r\n" : "") + headers
                + "Connection: " + (request.keepAlive() ? "keep-alive" : "close") + "\r\n\r\n";
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        boolean headOnly = request.method().equals("HEAD");
        ByteBuffer all = ByteBuffer.allocate(first.length + (headOnly ? 0 : body.length));
        all.put(first);
        if (!headOnly) all.put(body);
        return all.flip();
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }

    private static byte[] compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2_000);
            server.close();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("the metrics page did not close cleanly", e);
        }
    }
}
