package io.tidemark.series.event;

/** Finds the declared fields in a record's bytes. */
sealed interface FieldReader permits JsonFields, CsvFields, TreeFields {
    /** What {@link #open} says of bytes that are not of this format. */
    int MALFORMED = -1;

    /**
     * Reads a record.
     *
     * @param fields cleared; receives what is there where the record holds one event
     * @return how many events it holds; {@link #MALFORMED} when the bytes are not of this format
     */
    int open(byte[] record, Fields fields);

    /**
     * Fills in one event of the opened record.
     *
     * @param index of the event
     * @param fields cleared where the record holds more than one event
     */
    void event(int index, Fields fields);
}
