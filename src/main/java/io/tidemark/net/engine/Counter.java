package io.tidemark.net.engine;

/** 64-bit counters as tensors of four 16-bit limbs, lowest first, so that float32 holds them exactly. */
public final class Counter {
    /** Optimiser steps taken. */
    public static final String STEP = "counter/step";

    /** Seed of everything random while training. */
    public static final String SEED = "counter/seed";

    private Counter() {}

    public static NetworkState.Tensor encode(long value) {
        float[] limbs = new float[4];
        for (int i = 0; i < 4; i++) limbs[i] = (value >>> (16 * i)) & 0xFFFF;
        return new NetworkState.Tensor(new int[] {4}, limbs);
    }

    /** The named counter of a state; 0 when the state has none. */
    public static long read(NetworkState state, String name) {
        NetworkState.Tensor tensor = state.tensors().get(name);
        if (tensor == null) return 0;
        if (tensor.values().length != 4) throw new EngineException(name + " must hold 4 limbs; the state is damaged");
        long value = 0;
        for (int i = 0; i < 4; i++) value |= ((long) tensor.values()[i] & 0xFFFF) << (16 * i);
        return value;
    }
}
