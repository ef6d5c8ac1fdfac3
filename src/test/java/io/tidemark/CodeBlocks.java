package io.tidemark;

import java.util.List;
import java.util.regex.Pattern;

/** The fenced blocks of a document, in their order. */
public final class CodeBlocks {
    private static final Pattern SHELL = Pattern.compile("(?ms)^```(?:sh|bash|shell)\\R(.*?)^```");
    private static final Pattern TEXT = Pattern.compile("(?ms)^```text\\R(.*?)^```");

    private CodeBlocks() {}

    /** What a reader may paste into a shell. */
    public static List<String> shell(String document) {
        return of(SHELL, document);
    }

    static List<String> text(String document) {
        return of(TEXT, document);
    }

    private static List<String> of(Pattern kind, String document) {
        return kind.matcher(document).results().map(block -> block.group(1)).toList();
    }
}
