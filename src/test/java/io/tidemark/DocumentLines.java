package io.tidemark;

/** How documents are laid out that tests write from the code. */
public final class DocumentLines {
    /** No line of a document is longer, but for rows of tables, headings and code. */
    public static final int COLUMNS_MAX = 120;

    private DocumentLines() {}

    /** Lays paragraphs out in lines; tables and headings stay. Nothing follows the last one. */
    public static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        for (String paragraph : text.split("\n\n")) {
            lines.append(paragraph.startsWith("|") || paragraph.startsWith("#") ? paragraph : lines(paragraph));
            lines.append("\n\n");
        }
        return lines.toString().stripTrailing();
    }

    private static String lines(String paragraph) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : paragraph.split("\\s+")) {
            boolean breaks = column > 0 && column + 1 + word.length() > COLUMNS_MAX;
            lines.append(column == 0 ? "" : breaks ? "\n" : " ").append(word);
            column = breaks || column == 0 ? word.length() : column + 1 + word.length();
        }
        return lines.toString();
    }
}
