package io.tidemark.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One client of a {@link PageServer}: what it has sent so far, what it is still to be sent, and until when. Owned by the server's thread. */
final class PageConnection {
    /** A request line with its headers; a longer one is refused. */
    static final int REQUEST_BYTES_MAX = 8 << 10;

    private final PageChannel channel;
    private final PageServer.Limits limits;
    private byte[] received = new byte[512];
    private int length;
    private @Nullable ByteBuffer answer;
    private boolean closesAfter;
    /** When it is given up; {@link System#nanoTime}. */
    private long deadlineNs;

    PageConnection(PageChannel channel, PageServer.Limits limits, long nowNs) {
        this.channel = channel;
        this.limits = limits;
        deadlineNs = nowNs + limits.request().toNanos();
    }

    boolean isOver(long nowNs) {
        return deadlineNs - nowNs < 0;
    }

    /** Whether an answer is under way; such a connection is not given up for another one. */
    boolean answers() {
        return answer != null;
    }

    /**
     * Reads what has come and answers every request that is whole, one after the other.
     *
     * @return false when the connection is at its end
     */
    boolean read(PageServer.Pages pages, SelectionKey key, long nowNs) throws IOException {
        while (answer == null) {
            if (length == received.length) received = Arrays.copyOf(received, 2 * length);
            int count = channel.read(ByteBuffer.wrap(received, length, received.length - length));
            if (count < 0) return false;
            if (!channel.flush()) key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            // the time for a request begins with its first byte
            if (length == 0 && count > 0) deadlineNs = nowNs + limits.request().toNanos();
            length += count;
            if (!next(pages, key, nowNs)) return false;
            if (count == 0 || !channel.hasMore()) return true;
        }
        return true;
    }

    private boolean next(PageServer.Pages pages, SelectionKey key, long nowNs) throws IOException {
        while (answer == null) {
            int end = endOfHead();
            if (end < 0 && length < REQUEST_BYTES_MAX) return true;
            PageRequest request = end < 0
                    ? PageRequest.refused(431)
                    : PageRequest.of(new String(received, 0, end, StandardCharsets.ISO_8859_1));
            length = Math.max(0, length - Math.max(0, end));
            if (end >= 0) System.arraycopy(received, end, received, 0, length);
            closesAfter = !request.keepAlive();
            answer = pages.answer(request);
            deadlineNs = nowNs + limits.answer().toNanos();
            if (!write(key, nowNs)) return false;
        }
        return true;
    }

    /** Where the first empty line ends; -1 while there is none. */
    private int endOfHead() {
        for (int i = 3; i < length; i++) {
            boolean empty = received[i] == '\n'
                    && received[i - 1] == '\r'
                    && received[i - 2] == '\n'
                    && received[i - 3] == '\r';
            if (empty) return i + 1;
        }
        return -1;
    }

    /**
     * Sends what the client takes.
     *
     * @return false when the connection is at its end
     */
    private boolean write(SelectionKey key, long nowNs) throws IOException {
        ByteBuffer rest = answer;
        if (rest == null) return true;
        channel.write(rest);
        if (rest.hasRemaining() || !channel.flush()) {
            key.interestOps(SelectionKey.OP_WRITE);
            return true;
        }
        answer = null;
        key.interestOps(SelectionKey.OP_READ);
        deadlineNs = nowNs + (length > 0 ? limits.request() : limits.idle()).toNanos();
        return !closesAfter;
    }

    /** As {@link #read}, when the client takes more. */
    boolean goOn(PageServer.Pages pages, SelectionKey key, long nowNs) throws IOException {
        if (!channel.flush()) return true;
        key.interestOps(SelectionKey.OP_READ);
        return write(key, nowNs) && next(pages, key, nowNs) && read(pages, key, nowNs);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // it is gone either way
        }
    }
}
