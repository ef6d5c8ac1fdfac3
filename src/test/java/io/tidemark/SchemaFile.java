package io.tidemark;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON Schema of the repository, draft 2020-12. */
public final class SchemaFile {
    private SchemaFile() {}

    public static JsonSchema read(Path file) throws IOException {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(file));
    }
}
