package io.tidemark.series.schema;

/**
 * What a record's frame says of its schema.
 *
 * @param kind which numbers these are
 * @param number in the registry; unused for {@link Kind#GUID}
 * @param guid for {@link Kind#GUID}; else empty
 */
record SchemaId(Kind kind, long number, String guid) {
    enum Kind {
        /** Four bytes: Confluent's number, which Apicurio calls the content's. */
        CONTENT,
        /** Eight bytes: Apicurio's number over all artifacts. */
        GLOBAL,
        /** Confluent's name of a schema in headers. */
        GUID
    }

    SchemaId(Kind kind, long number) {
        this(kind, number, "");
    }

    @Override
    public String toString() {
        return kind == Kind.GUID ? guid : Long.toString(number);
    }
}
