package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.Secrets;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Who may look, and who may change something.
 *
 * <p>Without a secret everybody who reaches the port may look, and nobody may change anything. With one, each request must show it. A change must come from
 * the console's own page: a browser adds the header {@code X-Tidemark-Console} for no other origin, for none is ever allowed to. On a loopback address the name in
 * the header Host must be one of this machine, so that no name of a stranger can be pointed here. A sign-on proxy shows the secret for everybody, and may say
 * in a header for whom.
 */
public final class Access {
    static final String OWN_HEADER = "X-Tidemark-Console";
    private static final int USER_CHARS_MAX = 128;

    private final String host;
    private final byte[] due;
    private final String user;
    private final boolean loopback;
    private final String userHeader;

    /**
     * @param host the address that is listened on
     * @param secret {@code USER:PASSWORD}, a token, or empty
     * @param userHeader the header in which a sign-on proxy names the person; empty: there is none
     */
    public Access(String host, String secret, String userHeader) {
        this.host = host;
        this.userHeader = userHeader;
        boolean basic = secret.indexOf(':') > 0;
        user = basic ? secret.substring(0, secret.indexOf(':')) : "console";
        String shown = basic ? Secrets.basic(secret) : Secrets.bearer(secret);
        due = secret.isEmpty() ? new byte[0] : shown.getBytes(UTF_8);
        loopback = isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    String host() {
        return host;
    }

    boolean mayChange() {
        return due.length > 0;
    }

    /**
     * Who changes something, for the records: the person whom the sign-on proxy names, or the secret's user. To be asked of requests that have shown the
     * secret, for only the proxy has it.
     */
    String user(Request request) {
        String named = userHeader.isEmpty() ? null : request.getHeaders().get(userHeader);
        if (named == null) return user;
        String printable = named.strip().replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "");
        return printable.isEmpty() ? user : printable.substring(0, Math.min(USER_CHARS_MAX, printable.length()));
    }

    boolean isHostWrong(Request request) {
        if (!loopback) return false;
        String name = Request.getServerName(request);
        if (name == null) return true;
        String host = name.toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
        return !host.equals("localhost")
                && !host.equals("127.0.0.1")
                && !host.equals("::1")
                && !host.equals("0:0:0:0:0:0:0:1");
    }

    boolean isUnknown(Request request) {
        if (due.length == 0) return false;
        String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return shown == null || !MessageDigest.isEqual(due, shown.getBytes(UTF_8));
    }

    /** Whether a change was asked for by something else than the console's page or a program. */
    static boolean isForeign(Request request) {
        if (request.getHeaders().get(OWN_HEADER) == null) return true;
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null) return false;
        try {
            URI from = URI.create(origin);
            // a proxy may end TLS and have a name of its own: scheme and host are then not those that the browser
            // knows.
            // A page of another origin can send X-Forwarded-Host no more than the header above.
            String forwarded = request.getHeaders().get(HttpHeader.X_FORWARDED_HOST);
            String asked = forwarded == null ? request.getHeaders().get(HttpHeader.HOST) : forwarded;
            URI own = URI.create(from.getScheme() + "://" + asked);
            return own.getHost() == null || !own.getHost().equalsIgnoreCase(from.getHost()) || port(own) != port(from);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
