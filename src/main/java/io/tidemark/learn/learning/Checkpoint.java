package io.tidemark.learn.learning;

import io.tidemark.config.ImageSpec;
import io.tidemark.net.engine.EngineException;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stream learner at rest.
 *
 * <pre>
 * head:  u8 version = 4 | i32 generation | u16 features | i64 taught | i64 withheld | i64 overflowed | i32 cursor
 *        from version 3: i64 rows ever kept
 *        from version 4: i64 newest event time
 *        i32 series | each: string name | i64 lastStep | i32 waiting rows … | i32 gates … (encoded, length first)
 *                        from version 4: i64 newest event time | i64 first step of the newest gate
 *                        from version 3: u8 labels | each: i64 fromMs | i64 toMs | u8 anomaly
 *        u16 networks | each: string name | i64 draws | i64 rowsToStep | i64 rowsToPublish | u8 begun | f64 loss | i64 steps
 *                          from version 2: u8 published | f64 share of the learning rate | i32 stretch | i32 steps of it | f64 sum | u8 points | each: f32 mean loss
 * block: i32 rows | each: i32 series | i64 arrival | row, and from version 3: i64 place | u8 teaches
 * row:   i64 step | i64 timeMs | 3 x F x f32, or the pixels of a frame, and from version 3: u8 filled
 * </pre>
 *
 * <p>Before version 3 every kept row taught, and its place was its arrival.
 *
 * @param head counters, generators and what waits
 * @param blocks kept rows, {@value #BLOCK_ROWS} places a block (of frames as many as {@value #BLOCK_BYTES} bytes hold), by block number: a block between the oldest and the newest
 *     changes from one checkpoint to the next only by a label, so a store that knows content by its hash writes it once
 * @param states {@code NETWORK/current} and {@code NETWORK/good}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Checkpoint(byte[] head, Map<Long, byte[]> blocks, Map<String, NetworkState> states) {
    /** Places in one block. */
    public static final int BLOCK_ROWS = 1024;
    /** Bytes of frames in one block. */
    public static final int BLOCK_BYTES = 1 << 20;

    private static final int VERSION = 4;

    public Checkpoint {
        blocks = Collections.unmodifiableMap(new TreeMap<>(blocks));
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    static Checkpoint of(TaughtRows rows, List<NetworkLearner> learners) {
        Wire wire = Wire.writer(1 << 12);
        Wire gateWire = Wire.writer(256);
        wire.u8(VERSION).i32(rows.generation).u16(rows.features);
        wire.i64(rows.taught)
                .i64(rows.withheld)
                .i64(rows.overflowed)
                .i32(rows.cursor)
                .i64(rows.placed)
                .i64(rows.lives.newestMs);
        wire.i32(rows.all.size());
        for (SeriesRows series : rows.all) {
            wire.string(series.series).i64(series.lastStep).i32(series.waiting.size());
            for (Row row : series.waiting) write(wire, row);
            wire.i32(series.gates.size());
            for (Gate gate : series.gates) {
                byte[] bytes = gate.encode(gateWire);
                wire.i32(bytes.length).bytes(bytes, 0, bytes.length);
            }
            wire.i64(series.lastMs).i64(series.lastGate);
            wire.u8(series.labels.size());
            for (Label label : series.labels) {
                wire.i64(label.fromMs()).i64(label.toMs()).u8(label.anomaly() ? 1 : 0);
            }
        }
        Map<String, NetworkState> states = new LinkedHashMap<>();
        wire.u16(learners.size());
        for (NetworkLearner learner : learners) {
            NetworkLearner.Saved saved = learner.save();
            wire.string(learner.name())
                    .i64(saved.draws())
                    .i64(saved.progress().rowsToStep())
                    .i64(saved.progress().rowsToPublish());
            wire.u8(saved.progress().begun() ? 1 : 0).f64(saved.loss()).i64(saved.steps());
            wire.u8(saved.progress().published() ? 1 : 0).f64(saved.pace());
            learner.curve().write(wire);
            states.put(learner.name() + "/current", saved.current());
            states.put(learner.name() + "/good", saved.good());
        }
        return new Checkpoint(wire.toBytes(), blocks(rows), states);
    }

    private static Map<Long, byte[]> blocks(TaughtRows rows) {
        Map<Long, List<int[]>> byBlock = new TreeMap<>();
        int blockRows = blockRows(rows);
        for (int s = 0; s < rows.all.size(); s++) {
            SeriesRows series = rows.all.get(s);
            for (int i = 0; i < series.size(); i++) {
                long block = series.row(i).place / blockRows;
                byBlock.computeIfAbsent(block, b -> new ArrayList<>()).add(new int[] {s, i});
            }
        }
        Map<Long, byte[]> blocks = new TreeMap<>();
        Wire wire = Wire.writer(BLOCK_ROWS * (32 + 12 * Math.min(rows.features, 8)));
        byBlock.forEach((block, places) -> {
            wire.clear().i32(places.size());
            for (int[] place : places) {
                Row row = rows.all.get(place[0]).row(place[1]);
                write(wire.i32(place[0]).i64(row.arrival), row);
                wire.i64(row.place).u8(row.teaches ? 1 : 0);
            }
            blocks.put(block, wire.toBytes());
        });
        return blocks;
    }

    private static int blockRows(TaughtRows rows) {
        ImageSpec image = rows.image;
        return image == null ? BLOCK_ROWS : Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / image.values()));
    }

    private static void write(Wire wire, Row row) {
        wire.i64(row.step).i64(row.timeMs).floats(row.data, 0, row.data.length);
        wire.bytes(row.pixels, 0, row.pixels.length).u8(row.filled ? 1 : 0);
    }

    private static Row readRow(Wire wire, int version, TaughtRows rows) {
        long step = wire.i64();
        long timeMs = wire.i64();
        ImageSpec image = rows.image;
        if (image != null) {
            byte[] pixels = new byte[image.values()];
            wire.readBytes(pixels, 0, pixels.length);
            return new Row(step, timeMs, version >= 3 && wire.u8() == 1, pixels);
        }
        float[] data = new float[3 * rows.features];
        wire.readFloats(data, 0, data.length);
        return new Row(step, timeMs, version >= 3 && wire.u8() == 1, data);
    }

    /** @throws MalformedRecordException when a later version has written it; it is not damaged, and must not be overwritten */
    public void requireKnownVersion() {
        int version = head.length == 0 ? 0 : head[0] & 0xFF;
        if (version > VERSION) throw MalformedRecordException.unknownVersion("a checkpoint", version);
    }

    /** @throws MalformedRecordException when it cannot be read; rows and learners are then of no more use */
    boolean into(TaughtRows rows, List<NetworkLearner> learners) {
        requireKnownVersion();
        try {
            return read(rows, learners);
        } catch (IndexOutOfBoundsException
                | NegativeArraySizeException
                | ArithmeticException
                | IllegalArgumentException
                | IllegalStateException
                | EngineException e) {
            throw new MalformedRecordException("a checkpoint is damaged: " + e);
        }
    }

    private boolean read(TaughtRows rows, List<NetworkLearner> learners) {
        Wire wire = Wire.reader(head);
        int version = wire.u8();
        if (version == 0) throw new MalformedRecordException("a checkpoint of version 0");
        if (wire.i32() != rows.generation || wire.u16() != rows.features) return false;
        rows.taught = wire.i64();
        rows.withheld = wire.i64();
        rows.overflowed = wire.i64();
        rows.cursor = wire.i32();
        rows.placed = version < 3 ? rows.taught : wire.i64();
        if (version >= 4) rows.lives.newestMs = wire.i64();
        readSeries(wire, version, rows);
        if (rows.cursor < 0 || rows.taught < 0 || rows.withheld < 0 || rows.placed < 0) {
            throw new MalformedRecordException("a checkpoint with a count below 0");
        }
        readKept(version, rows);
        readNetworks(wire, version, learners);
        return true;
    }

    private static void readSeries(Wire wire, int version, TaughtRows rows) {
        int count = wire.i32();
        for (int s = 0; s < count; s++) {
            String name = wire.string();
            SeriesRows series = new SeriesRows(name, Long.MIN_VALUE);
            series.lastStep = wire.i64();
            for (int left = wire.i32(); left > 0; left--) series.waiting.add(readRow(wire, version, rows));
            for (int left = wire.i32(); left > 0; left--) {
                int length = wire.i32();
                if (length < 0 || length > wire.remaining()) {
                    throw new MalformedRecordException("a gate of " + length + " bytes");
                }
                byte[] bytes = new byte[length];
                wire.readBytes(bytes, 0, length);
                series.gates.add(Gate.decode(bytes));
            }
            if (version >= 4) {
                series.lastMs = wire.i64();
                series.lastGate = wire.i64();
            } else {
                for (Row row : series.waiting) series.lastMs = row.timeMs;
                for (Gate gate : series.gates) series.lastGate = gate.fromStep();
            }
            for (int left = version < 3 ? 0 : wire.u8(); left > 0; left--) {
                series.labels.add(new Label("", name, wire.i64(), wire.i64(), wire.u8() == 1));
            }
            rows.restoreSeries(series);
        }
    }

    private void readKept(int version, TaughtRows rows) {
        for (byte[] block : blocks.values()) {
            Wire wire = Wire.reader(block);
            for (int left = wire.i32(); left > 0; left--) {
                int series = wire.i32();
                long arrival = wire.i64();
                Row row = readRow(wire, version, rows);
                row.arrival = arrival;
                row.place = version < 3 ? arrival : wire.i64();
                row.teaches = version < 3 || wire.u8() == 1;
                rows.restore(series, row);
                if (version < 4) rows.restoreTime(series, row.timeMs);
            }
        }
    }

    private void readNetworks(Wire wire, int version, List<NetworkLearner> learners) {
        for (int left = wire.u16(); left > 0; left--) {
            String name = wire.string();
            long draws = wire.i64();
            long rowsToStep = wire.i64();
            long rowsToPublish = wire.i64();
            boolean begun = wire.u8() == 1;
            double loss = wire.f64();
            long steps = wire.i64();
            boolean published = version < 2 ? begun : wire.u8() == 1;
            double pace = version < 2 ? 1 : wire.f64();
            LossCurve curve = new LossCurve();
            if (version >= 2) curve.read(wire);
            NetworkState current = states.get(name + "/current");
            NetworkState good = states.get(name + "/good");
            for (NetworkLearner learner : learners) {
                if (!learner.name().equals(name)) continue;
                if (current == null || good == null) {
                    throw new MalformedRecordException("the checkpoint lacks the state of network " + name);
                }
                if (!learner.network().hash().equals(current.specHash())) continue;
                learner.restore(new NetworkLearner.Saved(
                        draws,
                        new NetworkLearner.Saved.Progress(rowsToStep, rowsToPublish, begun, published),
                        pace,
                        loss,
                        steps,
                        current,
                        good));
                learner.curve().copy(curve);
            }
        }
    }
}
