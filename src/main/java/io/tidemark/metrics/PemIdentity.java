package io.tidemark.metrics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Who a server is, from PEM files (RFC 7468) as Kubernetes mounts them: {@code tls.crt} and {@code tls.key}. */
public final class PemIdentity {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemIdentity() {}

    /**
     * TLS with one certificate and the trust store of the JVM.
     *
     * @param certificate file of the certificate, followed by those that it is signed by
     * @param key file of its private key, PKCS #8, not encrypted: RSA, EC or EdDSA
     * @throws IllegalArgumentException when a file does not hold that, or key and certificate do not belong together
     */
    public static SSLContext context(Path certificate, Path key) throws IOException {
        try {
            List<Certificate> chain = chain(certificate);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("page", key(key), new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no TLS from " + certificate + " and " + key + ": " + e.getMessage(), e);
        }
    }

    private static List<Certificate> chain(Path file) throws IOException {
        try {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (chain.isEmpty()) throw new CertificateException("it is empty");
            return List.copyOf(chain);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + " holds no certificate in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IllegalArgumentException(
                    file + " holds no private key in PKCS #8 without a password; convert it: "
                            + "openssl pkcs8 -topk8 -nocrypt -in KEY -out " + file.getFileName());
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                continue; // it is of another kind
            }
        }
        throw new IllegalArgumentException(file + " holds no private key of RSA, EC or EdDSA");
    }
}
