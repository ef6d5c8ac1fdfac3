package io.tidemark.metrics;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an HTTP request.
 *
 * @param refused the status that answers it at once, such as 400; 0 when it can be looked at
 * @param method such as {@code GET}
 * @param path without its query
 * @param headers by name in lower case
 * @param keepAlive whether further requests may follow on the connection
 */
record PageRequest(int refused, String method, String path, Map<String, String> headers, boolean keepAlive) {
    PageRequest {
        headers = Map.copyOf(headers);
    }

    static PageRequest refused(int status) {
        return new PageRequest(status, "", "", Map.of(), false);
    }

    /** Reads a head: request line and headers, each with its line's end. */
    static PageRequest of(String head) {
        String[] lines = head.split("\r\n");
        String[] words = lines.length == 0 ? new String[0] : lines[0].split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.") || !words[1].startsWith("/")) return refused(400);
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) return refused(400);
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        // nothing here takes a body, and one that is not read would be taken for the next request
        boolean body =
                !headers.getOrDefault("content-length", "0").equals("0") || headers.containsKey("transfer-encoding");
        if (body) return refused(413);
        int query = words[1].indexOf('?');
        String path = query < 0 ? words[1] : words[1].substring(0, query);
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean keepAlive = words[2].equals("HTTP/1.0") ? connection.equals("keep-alive") : !connection.equals("close");
        return new PageRequest(0, words[0], path, headers, keepAlive);
    }

    boolean takesGzip() {
        for (String coding : headers.getOrDefault("accept-encoding", "").split(",")) {
            String[] parts = coding.strip().split(";");
            boolean never = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
            if (parts[0].strip().equals("gzip")) return !never;
        }
        return false;
    }
}
