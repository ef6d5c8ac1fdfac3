package io.tidemark.net.engine.dl4j;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Floats outside the heap that ND4J computes on, with fast copies from and to Java arrays. Lives as long as its replica.
 *
 * <p>Matrices over it are column-major {@code [feature, column]}, which is the same memory as row-major
 * {@code [column, feature]}: matrix products take them without a copy.
 */
final class Block implements AutoCloseable {
    private final INDArray array;
    private final FloatPointer pointer;

    Block(long length) {
        array = Nd4j.create(DataType.FLOAT, length);
        pointer = new FloatPointer(array.data().pointer());
    }

    /** Copies Java floats in. */
    void put(float[] from, int fromOffset, long offset, int length) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        pointer.position(offset).put(from, fromOffset, length);
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    /** Copies floats out, after everything queued on them is done. */
    void get(float[] to, int toOffset, long offset, int length) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        pointer.position(offset).get(to, toOffset, length);
    }

    void fill(float value) {
        array.assign(value);
    }

    /** Column-major {@code [rows, columns]} from an offset; the same memory, not a copy. */
    INDArray matrix(long offset, int rows, int columns) {
        return part(offset, (long) rows * columns).reshape('f', rows, columns);
    }

    /** Column-major {@code [first, second, third]} from the start. */
    INDArray cube(int first, int second, int third) {
        return part(0, (long) first * second * third).reshape('f', first, second, third);
    }

    /** Row-major {@code [rows, columns]} from an offset. */
    INDArray rows(long offset, int rows, int columns) {
        return part(offset, (long) rows * columns).reshape('c', rows, columns);
    }

    INDArray part(long offset, long length) {
        return array.get(NDArrayIndex.interval(offset, offset + length));
    }

    @Override
    public void close() {
        array.close();
    }
}
