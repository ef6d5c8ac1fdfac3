package io.tidemark.series.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the text of a {@code .proto} as far as the wire needs it: messages, enums, oneofs, maps, groups no; options, services, extensions and
 * reserved numbers are passed over. After the
 * <a href="https://protobuf.dev/reference/protobuf/proto3-spec/">specification</a> of proto3, proto2 and editions.
 */
final class ProtoParser {
    private static final Map<String, Type> SCALARS = Map.ofEntries(
            Map.entry("double", Type.TYPE_DOUBLE),
            Map.entry("float", Type.TYPE_FLOAT),
            Map.entry("int32", Type.TYPE_INT32),
            Map.entry("int64", Type.TYPE_INT64),
            Map.entry("uint32", Type.TYPE_UINT32),
            Map.entry("uint64", Type.TYPE_UINT64),
            Map.entry("sint32", Type.TYPE_SINT32),
            Map.entry("sint64", Type.TYPE_SINT64),
            Map.entry("fixed32", Type.TYPE_FIXED32),
            Map.entry("fixed64", Type.TYPE_FIXED64),
            Map.entry("sfixed32", Type.TYPE_SFIXED32),
            Map.entry("sfixed64", Type.TYPE_SFIXED64),
            Map.entry("bool", Type.TYPE_BOOL),
            Map.entry("string", Type.TYPE_STRING),
            Map.entry("bytes", Type.TYPE_BYTES));
    private static final Set<String> LABELS = Set.of("optional", "required", "repeated");
    private static final int DEPTH_MAX = 32;

    private final String name;
    private final List<String> tokens;
    private int at;
    private boolean proto3;

    private ProtoParser(String name, List<String> tokens) {
        this.name = name;
        this.tokens = tokens;
    }

    /** @throws SchemaException naming what was not understood */
    static FileDescriptorProto parse(String name, String text) throws SchemaException {
        return new ProtoParser(name, ProtoTokens.of(name, text)).file();
    }

    private FileDescriptorProto file() throws SchemaException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName(name);
        while (at < tokens.size()) {
            String word = next();
            switch (word) {
                case "syntax" -> {
                    expect("=");
                    String syntax = text(next());
                    proto3 = syntax.equals("proto3");
                    file.setSyntax(syntax);
                    expect(";");
                }
                case "edition" -> {
                    expect("=");
                    file.setSyntax("editions").setEdition(edition(text(next())));
                    expect(";");
                }
                case "package" -> {
                    file.setPackage(next());
                    expect(";");
                }
                case "import" -> {
                    if (is("public")) file.addPublicDependency(file.getDependencyCount());
                    else if (!is("weak")) is("option");
                    file.addDependency(text(next()));
                    expect(";");
                }
                case "message" -> file.addMessageType(message(next(), 0));
                case "enum" -> file.addEnumType(enumeration(next()));
                case ";" -> {}
                case "option", "service", "extend" -> skip();
                default -> throw wrong(word);
            }
        }
        return file.build();
    }

    private Edition edition(String year) throws SchemaException {
        try {
            return Edition.valueOf("EDITION_" + year);
        } catch (IllegalArgumentException e) {
            throw SchemaException.unknown(name + " is of edition " + year + ", which is not known");
        }
    }

    private DescriptorProto message(String named, int depth) throws SchemaException {
        if (depth > DEPTH_MAX) throw SchemaException.unknown(name + " nests deeper than " + DEPTH_MAX);
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(named);
        List<FieldDescriptorProto.Builder> optionals = new ArrayList<>();
        expect("{");
        while (!is("}")) {
            String word = next();
            switch (word) {
                case "message" -> message.addNestedType(message(next(), depth + 1));
                case "enum" -> message.addEnumType(enumeration(next()));
                case "oneof" -> {
                    int index = message.getOneofDeclCount();
                    message.addOneofDeclBuilder().setName(next());
                    expect("{");
                    while (!is("}")) {
                        String first = next();
                        if (first.equals("option")) skip();
                        else message.addField(field(first, message).setOneofIndex(index));
                    }
                }
                case "option", "reserved", "extensions", "extend" -> {
                    // also names a field's type may have: then a name and a number follow
                    if (isField()) add(field(word, message), message, optionals);
                    else skip();
                }
                case ";" -> {}
                default -> add(field(word, message), message, optionals);
            }
        }
        // a field with presence of its own is a oneof of one, after all others
        for (FieldDescriptorProto.Builder field : optionals) {
            field.setOneofIndex(message.getOneofDeclCount());
            message.addOneofDeclBuilder().setName("_" + field.getName());
            message.addField(field);
        }
        return message.build();
    }

    private static void add(
            FieldDescriptorProto.Builder field,
            DescriptorProto.Builder message,
            List<FieldDescriptorProto.Builder> optionals) {
        if (field.getProto3Optional()) optionals.add(field);
        else message.addField(field);
    }

    private boolean isField() {
        return at + 2 < tokens.size()
                && tokens.get(at + 1).equals("=")
                && tokens.get(at + 2).matches("[0-9]+");
    }

    private FieldDescriptorProto.Builder field(String first, DescriptorProto.Builder message) throws SchemaException {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder().setLabel(Label.LABEL_OPTIONAL);
        String type = first;
        if (LABELS.contains(first)) {
            field.setLabel(Label.valueOf("LABEL_" + first.toUpperCase(Locale.ROOT)));
            field.setProto3Optional(proto3 && first.equals("optional"));
            if (!field.getProto3Optional()) field.clearProto3Optional();
            type = next();
        }
        if (type.equals("group")) throw SchemaException.unknown(name + " has a group, which is not read");
        boolean map = type.equals("map") && is("<");
        String key = "";
        if (map) {
            key = next();
            expect(",");
            type = next();
            expect(">");
        }
        String named = next();
        expect("=");
        field.setName(named).setNumber(number(next()));
        options(field);
        if (!map) return typed(field, type);
        String entry = entryName(named);
        message.addNestedTypeBuilder()
                .setName(entry)
                .addField(typed(part("key", 1), key))
                .addField(typed(part("value", 2), type))
                .getOptionsBuilder()
                .setMapEntry(true);
        return field.setLabel(Label.LABEL_REPEATED).setTypeName(entry);
    }

    /** What a field says in brackets: of that only {@code packed = false}, for the wire is read either way, and defaults. */
    private void options(FieldDescriptorProto.Builder field) throws SchemaException {
        int depth = 0;
        while (depth > 0 || !is(";")) {
            String token = next();
            if (token.equals("[") || token.equals("{")) depth++;
            if (token.equals("]") || token.equals("}")) depth--;
            if (token.equals("default") && depth == 1 && is("=")) {
                String value = next();
                boolean negative = value.equals("-");
                field.setDefaultValue(negative ? "-" + next() : text(value));
            }
        }
    }

    private static FieldDescriptorProto.Builder part(String name, int number) {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setLabel(Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder typed(FieldDescriptorProto.Builder field, String type) {
        Type scalar = SCALARS.get(type);
        return scalar == null ? field.setTypeName(type) : field.setType(scalar);
    }

    /** As compilers name the entries of a map: words joined with capitals. */
    private static String entryName(String field) {
        StringBuilder joined = new StringBuilder();
        for (String word : field.split("_")) {
            if (!word.isEmpty())
                joined.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return joined.append("Entry").toString();
    }

    private EnumDescriptorProto enumeration(String named) throws SchemaException {
        EnumDescriptorProto.Builder values = EnumDescriptorProto.newBuilder().setName(named);
        expect("{");
        while (!is("}")) {
            String word = next();
            if (word.equals(";")) continue;
            if (!is("=")) {
                if (word.equals("option") && tokens.get(at).equals("allow_alias")) {
                    values.getOptionsBuilder().setAllowAlias(true);
                }
                skip();
                continue;
            }
            String number = next();
            values.addValueBuilder().setName(word).setNumber(number(number.equals("-") ? "-" + next() : number));
            while (!is(";")) next();
        }
        return values.build();
    }

    /** Passes over what ends with a semicolon or a block. */
    private void skip() throws SchemaException {
        int depth = 0;
        while (true) {
            String token = next();
            if (token.equals("{")) depth++;
            if (token.equals("}") && --depth == 0) {
                is(";");
                return;
            }
            if (token.equals(";") && depth == 0) return;
        }
    }

    private int number(String token) throws SchemaException {
        try {
            return Math.toIntExact(Long.decode(token));
        } catch (NumberFormatException | ArithmeticException e) {
            throw wrong(token);
        }
    }

    private static String text(String token) {
        return token.startsWith("\"") ? token.substring(1) : token;
    }

    private boolean is(String token) {
        if (at >= tokens.size() || !tokens.get(at).equals(token)) return false;
        at++;
        return true;
    }

    private void expect(String token) throws SchemaException {
        String met = next();
        if (!met.equals(token)) throw wrong(met);
    }

    private String next() throws SchemaException {
        if (at >= tokens.size()) throw SchemaException.unknown(name + " ends too early");
        return tokens.get(at++);
    }

    private SchemaException wrong(String token) {
        return SchemaException.unknown(name + " has \"" + text(token) + "\" where it was not expected");
    }
}
