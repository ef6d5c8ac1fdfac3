package io.tidemark.series.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.config.InputSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of Avro or Protobuf as trees. A schema of a registry is asked for once and kept, up to {@link #SCHEMAS_MAX} of them. One
 * thread.
 */
public final class SchemaReader {
    /** Schemas that are kept; beyond, the one that was not used for longest is asked for again. */
    public static final int SCHEMAS_MAX = 1_000;

    /** Before a schema that the registry did not know is asked for again. */
    private static final long UNKNOWN_NANOS = 30_000_000_000L;

    private final InputSpec.Schema declared;
    private final boolean avro;
    private final @Nullable SchemaRegistry registry;
    private final @Nullable ValueReader ofFile;
    private final Map<SchemaId, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SchemaId, Known> eldest) {
            return size() > SCHEMAS_MAX;
        }
    };

    /** Reads values of one schema. */
    interface ValueReader {
        /**
         * @param value the record's
         * @param from where the value proper begins
         * @param framed whether a registry's serializer wrote it, which for Protobuf names the message before it
         * @param headers of the record
         */
        JsonNode read(byte[] value, int from, boolean framed, Function<String, byte @Nullable []> headers)
                throws SchemaException;
    }

    /** What the registry said of a number: a reader, or why there is none. */
    private record Known(
            @Nullable ValueReader reader, @Nullable SchemaException refused, long atNanos) {}

    /** @throws UncheckedIOException when the declared file is not there or is no schema */
    public SchemaReader(InputSpec input) {
        avro = input.encoding().format() == InputSpec.Format.AVRO;
        declared = input.encoding().schema();
        registry = declared.registry().isEmpty() ? null : new SchemaRegistry(declared);
        ofFile = declared.file().isEmpty() ? null : ofFile(Path.of(declared.file()));
    }

    private ValueReader ofFile(Path file) {
        try {
            return avro
                    ? new AvroReader(new SchemaText("AVRO", Files.readString(file), java.util.List.of()))
                    : new ProtobufReader(ProtoFiles.read(file), declared.message(), false);
        } catch (SchemaException e) {
            throw new UncheckedIOException(
                    new IOException("input.schema.file " + file + " is not a schema: " + e.getMessage(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("input.schema.file " + file + " cannot be read: " + e.getMessage(), e));
        }
    }

    /**
     * Reads a value.
     *
     * @param headers the newest value of a header, or null
     * @throws SchemaException when it is not of its schema, or that cannot be had
     * @throws SchemaUnavailableException when the registry does not answer
     */
    public JsonNode read(byte[] value, Function<String, byte @Nullable []> headers) throws SchemaException {
        if (ofFile != null) {
            if (!declared.framed()) return ofFile.read(value, singleObject(value), false, headers);
            Framed framed = Framed.of(value, headers);
            return ofFile.read(value, framed.from(), !framed.inHeaders(), headers);
        }
        Framed framed = Framed.of(value, headers);
        Known found = known.get(framed.id());
        if (found == null || found.refused() != null && System.nanoTime() - found.atNanos() > UNKNOWN_NANOS) {
            found = ask(framed.id());
            known.put(framed.id(), found);
        }
        if (found.reader() == null) throw java.util.Objects.requireNonNull(found.refused());
        return found.reader().read(value, framed.from(), !framed.inHeaders(), headers);
    }

    /** Avro's encoding of a single object: a mark and a fingerprint before the value. */
    private int singleObject(byte[] value) {
        boolean marked = avro && value.length > 10 && value[0] == (byte) 0xC3 && value[1] == 1;
        return marked ? 10 : 0;
    }

    private Known ask(SchemaId id) {
        try {
            SchemaText text = java.util.Objects.requireNonNull(registry).schema(id);
            String wanted = avro ? "AVRO" : "PROTOBUF";
            if (!text.type().isEmpty() && !text.type().equals(wanted)) {
                throw SchemaException.unknown("schema " + id + " of " + declared.registry() + " is of " + text.type()
                        + ", but format: " + wanted.toLowerCase(java.util.Locale.ROOT) + " is declared");
            }
            ValueReader reader =
                    avro ? new AvroReader(text) : new ProtobufReader(ProtoFiles.of(text), declared.message(), false);
            return new Known(reader, null, System.nanoTime());
        } catch (SchemaException e) {
            return new Known(null, e, System.nanoTime());
        }
    }
}
