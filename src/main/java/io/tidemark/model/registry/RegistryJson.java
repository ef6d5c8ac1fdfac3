package io.tidemark.model.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.learn.learning.ReferenceErrors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The registry's own records as JSON in UTF-8. */
final class RegistryJson {
    static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addMixIn(ReferenceErrors.class, ReferenceFields.class);

    /** How a manifest names them, wherever it stands. */
    private interface ReferenceFields {
        @JsonProperty("referenceSamples")
        int samples();

        @JsonProperty("referenceMedian")
        double median();

        @JsonProperty("referenceUpper")
        double upper();
    }

    private RegistryJson() {}

    static String unknownFormat(String what, int format) {
        return what + " has format " + format
                + ", which this Tidemark does not know; run the version that wrote it, or a later one";
    }

    static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws DamagedModelException when it is not such a record */
    static <T> T read(byte @Nullable [] json, Class<T> type) {
        if (json == null) throw new DamagedModelException("the record has no value");
        try {
            T value = JSON.readValue(json, type);
            if (value == null) throw new DamagedModelException("the record is null");
            return value;
        } catch (IOException | RuntimeException e) {
            throw new DamagedModelException("it is not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
