package io.tidemark.series.schema;

import java.util.List;

/**
 * A schema as it is written.
 *
 * @param type {@code AVRO}, {@code PROTOBUF}, {@code JSON}; empty: unknown
 * @param text of the schema
 * @param references what it names from elsewhere, those that others need first
 */
record SchemaText(String type, String text, List<Reference> references) {
    /**
     * @param name as the schema names it: an Avro type or the path of an import
     * @param text of the schema there
     */
    record Reference(String name, String text) {}

    SchemaText {
        references = List.copyOf(references);
    }
}
