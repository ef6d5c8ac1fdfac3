package io.tidemark.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** The server's end of a TLS connection. Its buffers hold one record each way, about 70 KiB in all. */
final class TlsChannel implements PageChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;
    private final SSLEngine engine;
    /** What has come, still encrypted; to be written to. */
    private final ByteBuffer received;
    /** What has come and was not taken; to be read from. */
    private final ByteBuffer plain;
    /** What is to be sent, encrypted; to be read from. */
    private final ByteBuffer sent;

    TlsChannel(SocketChannel socket, SSLContext context) throws SSLException {
        this.socket = socket;
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLSession session = engine.getSession();
        received = ByteBuffer.allocate(session.getPacketBufferSize());
        plain = ByteBuffer.allocate(session.getApplicationBufferSize()).limit(0);
        sent = ByteBuffer.allocate(2 * session.getPacketBufferSize()).limit(0);
        engine.beginHandshake();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        boolean ended = false;
        if (!plain.hasRemaining()) {
            ended = socket.read(received) < 0;
            received.flip();
            try {
                ended |= !unwrap();
            } finally {
                received.compact();
            }
            flush();
        }
        int count = Math.min(plain.remaining(), into.remaining());
        into.put(into.position(), plain, plain.position(), count).position(into.position() + count);
        plain.position(plain.position() + count);
        return count == 0 && ended ? -1 : count;
    }

    /** Goes on with the handshake and up to the first bytes of the client; false when it has ended the connection. */
    private boolean unwrap() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> {
                    if (!flush() && sent.remaining() > sent.capacity() / 2) return true;
                    wrap(NOTHING);
                }
                default -> {
                    if (!received.hasRemaining()) return true;
                    plain.clear();
                    SSLEngineResult.Status status =
                            engine.unwrap(received, plain).getStatus();
                    plain.flip();
                    if (status == SSLEngineResult.Status.CLOSED) return false;
                    if (status != SSLEngineResult.Status.OK || plain.hasRemaining()) return true;
                }
            }
        }
    }

    private void wrap(ByteBuffer bytes) throws SSLException {
        sent.compact();
        try {
            engine.wrap(bytes, sent);
        } finally {
            sent.flip();
        }
    }

    @Override
    public boolean hasMore() {
        return plain.hasRemaining() || received.position() > 0;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (flush() && bytes.hasRemaining()) {
            int before = bytes.remaining();
            wrap(bytes);
            if (bytes.remaining() == before) throw new SSLException("the client has closed the connection");
        }
    }

    @Override
    public boolean flush() throws IOException {
        while (sent.hasRemaining()) {
            if (socket.write(sent) == 0) return false;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        try {
            engine.closeOutbound();
            if (flush()) wrap(NOTHING);
            flush();
        } finally {
            socket.close();
        }
    }
}
