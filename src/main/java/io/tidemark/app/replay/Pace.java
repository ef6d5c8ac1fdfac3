package io.tidemark.app.replay;

/** When each event of a replay is due, and the wait until then. */
public interface Pace {
    /** As fast as Kafka takes them, a row of each file in turn. */
    Pace AT_ONCE = new Pace() {
        @Override
        public long due(byte[] key, byte[] value, long number) {
            return number;
        }

        @Override
        public void await(long due) {}
    };

    /**
     * Where an event stands in the order of sending; smaller is earlier.
     *
     * @param number 0-based row of its file
     */
    long due(byte[] key, byte[] value, long number);

    /** Returns when it is due. */
    void await(long due);
}
