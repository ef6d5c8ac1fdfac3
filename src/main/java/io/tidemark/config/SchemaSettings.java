package io.tidemark.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Settings of where the schemas of Avro and Protobuf are. */
final class SchemaSettings {
    /** What stands before a value. */
    enum Frame {
        NONE,
        REGISTRY
    }

    private static final Settings<StreamSpec> SCHEMA = new Settings<>(
            "input.schema", "Only for avro and protobuf: where the schemas are, at a registry or in a file.");

    static final Setting<StreamSpec, String> REGISTRY = SCHEMA.addWhere(
            "registry",
            SettingType.parsed(
                    SchemaSettings::address,
                    SettingType::quoted,
                    "an http or https address, or empty",
                    "\"type\": \"string\", \"pattern\": \"^(https?://.+)?$\"",
                    List.of("http://registry:8081", "https://registry/apis/registry/v2"),
                    List.of("ftp://registry", "registry:8081")),
            "",
            of(InputSpec.Schema::registry),
            "Address of the schema registry: Confluent's interface, or Apicurio's own when it ends in `/apis/registry/v2` or `v3`; empty: none.");
    static final Setting<StreamSpec, String> FILE = SCHEMA.addWhere(
            "file",
            SettingType.text(),
            "",
            of(InputSpec.Schema::file),
            "In place of a registry: an `.avsc`, a `.proto` with its imports beside it, or what `protoc --include_imports -o` wrote.");
    static final Setting<StreamSpec, Frame> FRAME = SCHEMA.addWhere(
                    "frame",
                    SettingType.oneOf(Frame.class),
                    Frame.REGISTRY,
                    of(schema -> schema.framed() ? Frame.REGISTRY : Frame.NONE),
                    "Whether a registry's serializer wrote the records, who puts a number before each value or into its headers; `none` is the"
                            + " default with a file.")
            .derived(s -> s.input().encoding().schema().file().isEmpty() ? Frame.REGISTRY : Frame.NONE);
    static final Setting<StreamSpec, String> MESSAGE = SCHEMA.addWhere(
            "message",
            SettingType.text(),
            "",
            of(InputSpec.Schema::message),
            "Name of the Protobuf message; empty: the frame says it, or it is the schema's first.");
    static final Setting<StreamSpec, String> CREDENTIALS = SCHEMA.addWhere(
            "credentials",
            SettingType.text(),
            "",
            of(InputSpec.Schema::credentials),
            "A file that holds `user:password`, or a bearer token, for the registry; read at each request; empty: none.");

    static final List<Settings<StreamSpec>> ALL = List.of(SCHEMA);

    private SchemaSettings() {}

    private static <T> Function<StreamSpec, Optional<T>> of(Function<InputSpec.Schema, T> value) {
        return s -> s.input().encoding().format().needsSchema()
                ? Optional.of(value.apply(s.input().encoding().schema()))
                : Optional.empty();
    }

    private static String address(String text) {
        if (text.isEmpty() || text.matches("https?://.+") && URI.create(text).getHost() != null) return text;
        throw new IllegalArgumentException();
    }

    static InputSpec.Schema read(Reading<StreamSpec> file, InputSpec.Format format) {
        if (!format.needsSchema()) {
            file.refuse(List.of("input.schema"), "is for format: avro and format: protobuf");
            return InputSpec.Schema.NONE;
        }
        String registry = file.get(REGISTRY);
        String path = file.get(FILE);
        if (registry.isEmpty() == path.isEmpty()) {
            file.problem(
                    "input.schema",
                    registry.isEmpty()
                            ? "must name a registry or a file"
                            : "names a registry and a file; leave one of them out");
        }
        Frame frame = file.get(FRAME, path.isEmpty() ? Frame.REGISTRY : Frame.NONE);
        if (!registry.isEmpty() && path.isEmpty() && frame == Frame.NONE) {
            file.problem(FRAME, "must be registry beside a registry, whose number the frame holds");
        }
        String message = file.get(MESSAGE);
        if (format == InputSpec.Format.AVRO && !message.isEmpty()) {
            file.problem(MESSAGE, "is for format: protobuf");
        }
        return new InputSpec.Schema(registry, path, frame == Frame.REGISTRY, message, file.get(CREDENTIALS));
    }
}
