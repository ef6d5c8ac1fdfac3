package io.tidemark.series.sample;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the value of a record that is a JSON object in UTF-8. Safe for any thread. */
public final class JsonRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonRecord() {}

    /** @throws MalformedRecordException when there is no value, or it is no JSON object; never with anything of the value */
    public static JsonNode object(byte @Nullable [] value) {
        if (value == null) throw new MalformedRecordException("the record has no value");
        JsonNode read;
        try {
            read = JSON.readTree(value);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : ", from line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new MalformedRecordException("the record is not JSON" + where);
        } catch (IOException e) {
            throw new MalformedRecordException("the record is not JSON");
        }
        if (read == null || !read.isObject()) throw new MalformedRecordException("the record is not a JSON object");
        return read;
    }
}
