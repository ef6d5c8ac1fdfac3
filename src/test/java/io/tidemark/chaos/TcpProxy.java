package io.tidemark.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between clients and one broker on the loopback address; stalls what it carries, or resets it. Safe for any thread. */
final class TcpProxy implements AutoCloseable {
    private static final int STACK_BYTES = 128 << 10;
    private static final int BUFFER_BYTES = 32 << 10;

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock gate = new ReentrantLock();
    private final Condition opened = gate.newCondition();
    private boolean stalled;
    private volatile boolean closed;

    TcpProxy(int port, int target) throws IOException {
        this.target = target;
        server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        thread("accept", this::accept);
    }

    private void thread(String what, Runnable duty) {
        Thread thread = new Thread(null, duty, "proxy-" + target + "-" + what, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                open.add(client);
                thread("connect", () -> connect(client));
            } catch (IOException e) {
                if (!closed) throw new IllegalStateException("the proxy of " + target + " takes no connections", e);
            }
        }
    }

    private void connect(Socket client) {
        try {
            passGate();
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(broker);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            thread("up", () -> carry(client, broker));
            carry(broker, client);
        } catch (IOException refused) {
            reset(client);
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                passGate();
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            // One side is gone; so is the other, below.
        }
        end(from);
        end(to);
    }

    private void passGate() {
        gate.lock();
        try {
            while (stalled) opened.awaitUninterruptibly();
        } finally {
            gate.unlock();
        }
    }

    /** From now on nothing gets through, and no connection is refused or ended for it. */
    void stall() {
        setStalled(true);
    }

    void resume() {
        setStalled(false);
    }

    private void setStalled(boolean now) {
        gate.lock();
        try {
            stalled = now;
            opened.signalAll();
        } finally {
            gate.unlock();
        }
    }

    /** Resets every connection there is; new ones are taken. */
    void resetAll() {
        open.forEach(this::reset);
    }

    private void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // What is closed needs no reset.
        }
        end(socket);
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Closed is what was asked for.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        resume();
        resetAll();
    }
}
