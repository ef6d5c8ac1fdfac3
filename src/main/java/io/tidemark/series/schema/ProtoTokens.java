package io.tidemark.series.schema;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a {@code .proto} into words (also such as {@code .a.b}), texts (with a quote before them) and marks. */
final class ProtoTokens {
    private ProtoTokens() {}

    static List<String> of(String name, String text) throws SchemaException {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) throw SchemaException.unknown(name + " has a comment without an end");
                at = end + 2;
            } else if (c == '"' || c == '\'') {
                StringBuilder read = new StringBuilder("\"");
                at++;
                while (at < text.length() && text.charAt(at) != c) {
                    if (text.charAt(at) == '\\' && at + 1 < text.length()) at++;
                    read.append(text.charAt(at++));
                }
                if (at >= text.length()) throw SchemaException.unknown(name + " has a text without an end");
                at++;
                tokens.add(read.toString());
            } else if (isWord(c)) {
                int from = at;
                while (at < text.length() && isWord(text.charAt(at))) at++;
                tokens.add(text.substring(from, at));
            } else {
                tokens.add(String.valueOf(c));
                at++;
            }
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }
}
