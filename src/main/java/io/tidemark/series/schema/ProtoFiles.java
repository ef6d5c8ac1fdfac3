package io.tidemark.series.schema;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes descriptors of {@code .proto} texts and of the descriptor sets that {@code protoc --include_imports -o} writes. */
final class ProtoFiles {
    private static final Map<String, FileDescriptor> WELL_KNOWN = Stream.of(
                    AnyProto.getDescriptor(),
                    ApiProto.getDescriptor(),
                    DescriptorProtos.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    SourceContextProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    TypeProto.getDescriptor(),
                    WrappersProto.getDescriptor())
            .collect(Collectors.toMap(FileDescriptor::getName, file -> file));

    /** Of imports that are not there: annotations for other programs, which say nothing of the wire. */
    private static final Set<String> ANNOTATIONS =
            Set.of("confluent/meta.proto", "buf/validate/validate.proto", "google/api/annotations.proto");

    private final Map<String, FileDescriptorProto> sources = new HashMap<>();
    private final Map<String, FileDescriptor> built = new HashMap<>(WELL_KNOWN);
    private final Set<String> open = new HashSet<>();

    private ProtoFiles() {}

    /** A {@code .proto} with its imports beside it, or a set of descriptors, whose last file it is. */
    static FileDescriptor read(Path file) throws IOException {
        ProtoFiles files = new ProtoFiles();
        byte[] bytes = Files.readAllBytes(file);
        if (file.toString().endsWith(".proto")) {
            FileDescriptorProto main =
                    ProtoParser.parse(file.toString(), new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) files.readImports(folder, main);
            return files.build(main);
        }
        FileDescriptorSet set;
        try {
            set = FileDescriptorSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw SchemaException.unknown("it is neither a .proto nor a set of descriptors as protoc -o writes");
        }
        if (set.getFileCount() == 0) throw SchemaException.unknown("the set of descriptors is empty");
        for (FileDescriptorProto each : set.getFileList()) files.sources.put(each.getName(), each);
        return files.build(set.getFile(set.getFileCount() - 1));
    }

    private void readImports(Path folder, FileDescriptorProto of) throws IOException {
        for (String name : of.getDependencyList()) {
            Path there = folder.resolve(name);
            if (WELL_KNOWN.containsKey(name) || sources.containsKey(name) || !Files.isReadable(there)) continue;
            FileDescriptorProto read = ProtoParser.parse(name, Files.readString(there));
            sources.put(name, read);
            readImports(folder, read);
        }
    }

    /** A schema of a registry with its references. */
    static FileDescriptor of(SchemaText text) throws SchemaException {
        ProtoFiles files = new ProtoFiles();
        for (SchemaText.Reference reference : text.references()) {
            files.sources.put(reference.name(), ProtoParser.parse(reference.name(), reference.text()));
        }
        return files.build(ProtoParser.parse("schema.proto", text.text()));
    }

    private FileDescriptor build(FileDescriptorProto source) throws SchemaException {
        if (!open.add(source.getName())) throw SchemaException.unknown(source.getName() + " imports itself");
        FileDescriptorProto.Builder kept =
                source.toBuilder().clearDependency().clearPublicDependency().clearWeakDependency();
        java.util.List<FileDescriptor> imports = new java.util.ArrayList<>();
        for (int i = 0; i < source.getDependencyCount(); i++) {
            String name = source.getDependency(i);
            FileDescriptor found = built.get(name);
            if (found == null && sources.containsKey(name)) {
                found = build(java.util.Objects.requireNonNull(sources.get(name)));
                built.put(name, found);
            }
            if (found == null && ANNOTATIONS.contains(name)) continue;
            if (found == null) {
                throw SchemaException.unknown(
                        "it imports " + name + ", which is not beside it and no reference of the registry");
            }
            if (source.getPublicDependencyList().contains(i)) kept.addPublicDependency(imports.size());
            imports.add(found);
            kept.addDependency(name);
        }
        open.remove(source.getName());
        try {
            return FileDescriptor.buildFrom(kept.build(), imports.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw SchemaException.unknown("its types do not fit: " + e.getMessage());
        }
    }
}
