package io.tidemark.series.event;

/** Finds the declared fields in a record's bytes. */
sealed interface FieldReader permits JsonFields, CsvFields {
    /**
     * Fills in what is there.
     *
     * @return false when the bytes are not of this format
     */
    boolean read(byte[] record, Fields fields);
}
