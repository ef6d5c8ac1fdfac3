package io.tidemark.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The little of PromQL's grammar that the checks need; Prometheus itself parses the rest. */
final class PromQl {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR =
            Pattern.compile("([a-z_:][a-zA-Z0-9_:]*)\\s*(?:\\{([^}]*)})?(?!\\s*[\\w(])");
    private static final Pattern WORDS = Pattern.compile("and|or|unless|bool|offset|by|without|on|ignoring");
    private static final Pattern SET_OPERATOR =
            Pattern.compile("\\G(?:and|or|unless)\\b(?:\\s*(?:on|ignoring)\\s*\\([^)]*\\))?");
    private static final Pattern COMPARISON = Pattern.compile("\\G(?:==|!=|<=|>=|<|>)");
    private static final Pattern ABSENT = Pattern.compile("absent\\((.*)\\)", Pattern.DOTALL);

    /** A metric and the labels that its matchers name. */
    record Selector(String metric, Set<String> labels) {}

    private PromQl() {}

    /** Every metric that an expression selects. */
    static List<Selector> selectors(String expression) {
        String text =
                GROUPING.matcher(STRING.matcher(expression).replaceAll("0")).replaceAll(" ");
        text = text.replaceAll("\\[[^]]*]", "");
        List<Selector> selectors = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(text);
        while (selector.find()) {
            if (WORDS.matcher(selector.group(1)).matches()) continue;
            Set<String> labels = new TreeSet<>();
            String matchers = selector.group(2) == null ? "" : selector.group(2);
            for (String matcher : matchers.split(",")) {
                if (!matcher.isBlank())
                    labels.add(matcher.replaceAll("[=!~].*", "").strip());
            }
            selectors.add(new Selector(selector.group(1), labels));
        }
        return selectors;
    }

    /** The labels that the expression groups or joins by. */
    static Set<String> groupings(String expression) {
        Set<String> labels = new TreeSet<>();
        Matcher grouping = GROUPING.matcher(expression);
        while (grouping.find()) {
            for (String label : grouping.group(1).split(",")) if (!label.isBlank()) labels.add(label.strip());
        }
        return labels;
    }

    /**
     * What a rule compares: the left side of each comparison between its outermost {@code and}, {@code or} and {@code unless}, and
     * what an {@code absent} looks for. In a healthy system the rule gives nothing, but each of these has data.
     */
    static List<String> compared(String rule) {
        List<String> operands = new ArrayList<>();
        int depth = 0;
        int start = 0;
        int end = -1;
        Matcher set = SET_OPERATOR.matcher(rule);
        Matcher comparison = COMPARISON.matcher(rule);
        for (int i = 0; i < rule.length(); i++) {
            char c = rule.charAt(i);
            if (c == '"') {
                i = rule.indexOf('"', i + 1);
            } else if (c == '(' || c == '{' || c == '[') {
                depth++;
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            } else if (depth == 0 && end < 0 && comparison.find(i)) {
                end = i;
            } else if (depth == 0 && !Character.isLetterOrDigit(rule.charAt(Math.max(0, i - 1))) && set.find(i)) {
                operands.add(operand(rule, start, end < 0 ? i : end));
                start = set.end();
                end = -1;
                i = start - 1;
            }
        }
        operands.add(operand(rule, start, end < 0 ? rule.length() : end));
        return operands;
    }

    private static String operand(String rule, int start, int end) {
        String text = rule.substring(start, end).strip();
        Matcher absent = ABSENT.matcher(text);
        return absent.matches() ? absent.group(1) : text;
    }
}
