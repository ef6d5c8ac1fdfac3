package io.tidemark.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of one client, as they are or encrypted; no call waits. */
interface PageChannel {
    /**
     * Takes what has come.
     *
     * @return how many bytes; 0 when there are none yet, -1 at the end
     */
    int read(ByteBuffer into) throws IOException;

    /** Whether bytes may have come that were not taken. */
    boolean hasMore();

    /** Sends as much as the client takes. */
    void write(ByteBuffer bytes) throws IOException;

    /** Sends what was taken to be sent; false when the client does not take it yet. */
    boolean flush() throws IOException;

    void close() throws IOException;

    /** Bytes as they are. */
    static PageChannel plain(SocketChannel socket) {
        return new PageChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return socket.read(into);
            }

            @Override
            public boolean hasMore() {
                return false;
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                socket.write(bytes);
            }

            @Override
            public boolean flush() {
                return true;
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}
