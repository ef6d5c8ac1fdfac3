package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.BoundLayer;

/**
 * Where one direction of an LSTM stands on a tape.
 *
 * @param first whether nothing before it is trained
 */
record LstmPlace(Tape tape, BoundLayer layer, LstmDirection direction, TapeSlot in, TapeSlot out, boolean first) {}
