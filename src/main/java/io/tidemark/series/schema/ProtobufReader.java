package io.tidemark.series.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads Protobuf messages as trees by their descriptors: names as in the {@code .proto}, enums by name, bytes as Base64, maps as objects. A field
 * without presence that is not in the message has its default, so that a count of zero is 0. {@code google.protobuf.Timestamp} is a text of RFC 3339,
 * {@code Duration} a number of seconds, a wrapper its value.
 *
 * <p>Which message: what stands before it (Confluent's list of indexes, Apicurio's {@code Ref}) or in Apicurio's header; else the declared name;
 * else the first of the file.
 */
final class ProtobufReader implements SchemaReader.ValueReader {
    private static String firstSentence(IOException wrong) {
        return String.valueOf(wrong.getMessage()).split("\\.  ", 2)[0];
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TYPE_HEADER = "apicurio.protobuf.type";
    private static final int INDEXES_MAX = 64;

    private final FileDescriptor file;
    private final @Nullable Descriptor declared;
    private final boolean partial;

    /**
     * @param message full or simple name of the message; empty: the frame says it, or it is the first
     * @param partial whether the file declares some of the message's fields alone
     * @throws SchemaException when the file has no such message
     */
    ProtobufReader(FileDescriptor file, String message, boolean partial) throws SchemaException {
        this.file = file;
        this.partial = partial;
        declared = message.isEmpty() ? null : named(message);
    }

    private Descriptor named(String name) throws SchemaException {
        String simple = name.startsWith(".") ? name.substring(1) : name;
        String outside = file.getPackage().isEmpty() ? simple : file.getPackage() + '.' + simple;
        List<String> all = new ArrayList<>();
        List<Descriptor> open = new ArrayList<>(file.getMessageTypes());
        for (int i = 0; i < open.size(); i++) {
            Descriptor each = open.get(i);
            if (each.getFullName().equals(simple) || each.getFullName().equals(outside)) return each;
            open.addAll(each.getNestedTypes());
            all.add(each.getFullName());
        }
        throw SchemaException.unknown("the schema has no message " + name + ", but "
                + String.join(", ", all.subList(0, Math.min(20, all.size()))));
    }

    @Override
    public JsonNode read(byte[] value, int from, boolean framed, Function<String, byte @Nullable []> headers)
            throws SchemaException {
        CodedInputStream in = CodedInputStream.newInstance(value, from, value.length - from);
        try {
            Descriptor type = framed ? ofFrame(value, from, in) : ofHeader(headers);
            DynamicMessage message = DynamicMessage.parseFrom(type, in);
            if (!in.isAtEnd()) throw SchemaException.malformed("the value is not a whole " + type.getFullName());
            JsonNode tree = tree(message);
            if (message.getAllFields().isEmpty()
                    && !partial
                    && !message.getUnknownFields().asMap().isEmpty()) {
                throw SchemaException.malformed("no field of " + type.getFullName() + " is in the value, but fields "
                        + message.getUnknownFields().asMap().keySet() + " are; was it written by another schema?");
            }
            return tree;
        } catch (SchemaException e) {
            throw e;
        } catch (IOException e) {
            String hint = !framed && value.length > 5 && value[0] == 0
                    ? "; it begins as the frame of a registry does (input.schema.frame: registry)"
                    : "";
            throw SchemaException.malformed("the value is not a message of its schema: " + firstSentence(e) + hint);
        }
    }

    private Descriptor ofHeader(Function<String, byte @Nullable []> headers) throws SchemaException {
        byte[] name = headers.apply(TYPE_HEADER);
        if (declared != null) return declared;
        return name == null ? first() : named(new String(name, StandardCharsets.UTF_8));
    }

    private Descriptor first() throws SchemaException {
        if (file.getMessageTypes().isEmpty()) throw SchemaException.unknown("the schema has no message");
        return file.getMessageTypes().get(0);
    }

    /** Reads what a serializer wrote between frame and message. */
    private Descriptor ofFrame(byte[] value, int from, CodedInputStream in) throws IOException {
        String ref = ref(value, from);
        if (!ref.isEmpty()) {
            in.skipRawBytes(1 + value[from]);
            return declared == null ? named(ref) : declared;
        }
        int count = in.readSInt32();
        if (count < 0 || count > INDEXES_MAX) {
            throw SchemaException.malformed("no list of message indexes stands before the message");
        }
        List<Descriptor> among = file.getMessageTypes();
        Descriptor type = count == 0 ? first() : null;
        for (int i = 0; i < count; i++) {
            int index = in.readSInt32();
            if (index < 0 || index >= among.size()) {
                throw SchemaException.malformed("the frame names message " + index + " of " + among.size());
            }
            type = among.get(index);
            among = type.getNestedTypes();
        }
        return java.util.Objects.requireNonNull(declared == null ? type : declared);
    }

    /** The name in Apicurio's {@code Ref}, a message with its length before it; empty when there is none. */
    private static String ref(byte[] value, int from) {
        if (value.length < from + 4 || value[from] < 3 || value[from + 1] != 0x0A) return "";
        int length = value[from + 2];
        if (length != value[from] - 2 || value.length < from + 3 + length) return "";
        for (int i = from + 3; i < from + 3 + length; i++) {
            boolean part = Character.isLetterOrDigit(value[i]) || value[i] == '_' || value[i] == '.';
            if (!part) return "";
        }
        return new String(value, from + 3, length, StandardCharsets.US_ASCII);
    }

    private static JsonNode tree(Message message) throws SchemaException {
        Descriptor type = message.getDescriptorForType();
        if (type.getFullName().startsWith("google.protobuf.")) {
            JsonNode known = wellKnown(message, type);
            if (known != null) return known;
        }
        checkTypes(message, type);
        ObjectNode object = NODES.objectNode();
        for (FieldDescriptor field : type.getFields()) {
            if (field.isMapField()) {
                object.set(field.getName(), map((List<?>) message.getField(field)));
            } else if (field.isRepeated()) {
                ArrayNode array = NODES.arrayNode();
                for (Object element : (List<?>) message.getField(field)) array.add(value(field, element));
                object.set(field.getName(), array);
            } else if (!field.hasPresence() || message.hasField(field)) {
                object.set(field.getName(), value(field, message.getField(field)));
            }
        }
        return object;
    }

    /** A field that its writer gave another type is not in the message, which would have the default in its place. */
    private static void checkTypes(Message message, Descriptor type) throws SchemaException {
        for (int number : message.getUnknownFields().asMap().keySet()) {
            FieldDescriptor field = type.findFieldByNumber(number);
            // a symbol of an enum that its schema lacks is kept so too
            if (field == null || field.getJavaType() == FieldDescriptor.JavaType.ENUM) continue;
            throw SchemaException.malformed("field " + field.getName() + " (" + number + ") of " + type.getFullName()
                    + " is of another type than " + field.getType().name().toLowerCase(Locale.ROOT)
                    + "; was it written by another schema?");
        }
    }

    private static ObjectNode map(List<?> entries) throws SchemaException {
        ObjectNode object = NODES.objectNode();
        for (Object each : entries) {
            Message entry = (Message) each;
            Descriptor type = entry.getDescriptorForType();
            FieldDescriptor key = type.findFieldByNumber(1);
            FieldDescriptor value = type.findFieldByNumber(2);
            object.set(String.valueOf(entry.getField(key)), value(value, entry.getField(value)));
        }
        return object;
    }

    private static JsonNode value(FieldDescriptor field, Object value) throws SchemaException {
        return switch (field.getType()) {
            case UINT64, FIXED64 -> {
                long bits = (Long) value;
                yield bits >= 0
                        ? NODES.numberNode(bits)
                        : NODES.numberNode(new BigInteger(Long.toUnsignedString(bits)));
            }
            case UINT32, FIXED32 -> NODES.numberNode(Integer.toUnsignedLong((Integer) value));
            default ->
                switch (field.getJavaType()) {
                    case INT -> NODES.numberNode((Integer) value);
                    case LONG -> NODES.numberNode((Long) value);
                    case FLOAT -> NODES.numberNode((double) (Float) value);
                    case DOUBLE -> NODES.numberNode((Double) value);
                    case BOOLEAN -> NODES.booleanNode((Boolean) value);
                    case STRING -> NODES.textNode((String) value);
                    case BYTE_STRING ->
                        NODES.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
                    case ENUM -> NODES.textNode(((EnumValueDescriptor) value).getName());
                    case MESSAGE -> tree((Message) value);
                };
        };
    }

    private static @Nullable JsonNode wellKnown(Message message, Descriptor type) throws SchemaException {
        String name = type.getName();
        boolean moment = name.equals("Timestamp");
        if (moment || name.equals("Duration")) {
            long seconds = (Long) message.getField(type.findFieldByName("seconds"));
            int nanos = (Integer) message.getField(type.findFieldByName("nanos"));
            if (!moment) return NODES.numberNode(seconds + nanos / 1e9);
            try {
                return NODES.textNode(Instant.ofEpochSecond(seconds, nanos).toString());
            } catch (DateTimeException | ArithmeticException e) {
                throw SchemaException.malformed("a Timestamp of " + seconds + " seconds is not a time");
            }
        }
        if (!name.endsWith("Value") || type.getFields().size() != 1) return null;
        FieldDescriptor only = type.getFields().get(0);
        return only.isRepeated() ? null : value(only, message.getField(only));
    }
}
