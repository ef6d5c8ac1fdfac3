package io.tidemark.app.demo;

import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;

/**
 * This machine's load since the last reading: processor %, memory %, disk and network megabytes a second. One thread.
 *
 * <p>A machine that hides a sensor, as containers may, reports 0 for it.
 */
final class HostMetrics {
    /** What is read, in the order of {@link #read}. */
    static final List<String> FEATURES = List.of("cpu", "memory", "disk", "network");

    private static final double MB = 1e6;

    private final CentralProcessor processor;
    private final GlobalMemory memory;
    private final List<HWDiskStore> disks;
    private final List<NetworkIF> networks;
    private long[] ticks;
    private long diskBytes;
    private long networkBytes;
    private long readNs;

    HostMetrics() {
        HardwareAbstractionLayer hardware = new SystemInfo().getHardware();
        processor = hardware.getProcessor();
        memory = hardware.getMemory();
        disks = hardware.getDiskStores();
        networks = hardware.getNetworkIFs(true);
        ticks = processor.getSystemCpuLoadTicks();
        diskBytes = diskBytes();
        networkBytes = networkBytes();
        readNs = System.nanoTime();
    }

    /** The series key of this machine. */
    static String name() {
        String host = new SystemInfo().getOperatingSystem().getNetworkParams().getHostName();
        return host.isBlank() ? "localhost" : host;
    }

    void read(double[] values) {
        long now = System.nanoTime();
        double seconds = Math.max(1e-3, (now - readNs) / 1e9);
        readNs = now;
        values[0] = Math.max(0, 100 * processor.getSystemCpuLoadBetweenTicks(ticks));
        ticks = processor.getSystemCpuLoadTicks();
        values[1] = 100.0 * (memory.getTotal() - memory.getAvailable()) / Math.max(1, memory.getTotal());
        long disk = diskBytes();
        long network = networkBytes();
        values[2] = Math.max(0, disk - diskBytes) / MB / seconds;
        values[3] = Math.max(0, network - networkBytes) / MB / seconds;
        diskBytes = disk;
        networkBytes = network;
    }

    private long diskBytes() {
        long bytes = 0;
        for (HWDiskStore disk : disks) {
            if (disk.updateAttributes()) bytes += disk.getReadBytes() + disk.getWriteBytes();
        }
        return bytes;
    }

    private long networkBytes() {
        long bytes = 0;
        for (NetworkIF network : networks) {
            if (network.updateAttributes()) bytes += network.getBytesRecv() + network.getBytesSent();
        }
        return bytes;
    }
}
