package io.tidemark.role.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of what is sent, so that who receives it can trust it. */
final class Signatures {
    private Signatures() {}

    /**
     * The header {@code X-Tidemark-Signature}: {@code t=SECONDS,v1=HEX}, an HMAC-SHA256 over {@code SECONDS.BODY}. Who checks it refuses an old
     * time, so that nobody sends it again.
     */
    static String header(String key, long seconds, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            byte[] hash = mac.doFinal((seconds + "." + body).getBytes(UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
