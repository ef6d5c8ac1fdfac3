package io.tidemark.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page behind TLS, with identities that the JDK's own keytool has made. */
class EncryptedPageTest {
    private static final String SECRET = "secret";

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeIdentities() throws Exception {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            Path store = folder.resolve(algorithm + ".p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            algorithm,
                            "-alias",
                            "page",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost,ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            SECRET,
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(keytool.waitFor())
                    .as(new String(keytool.getInputStream().readAllBytes(), UTF_8))
                    .isZero();
            KeyStore made = KeyStore.getInstance(store.toFile(), SECRET.toCharArray());
            Files.writeString(
                    file(algorithm, "crt"),
                    pem("CERTIFICATE", made.getCertificate("page").getEncoded()));
            Files.writeString(
                    file(algorithm, "key"),
                    pem("PRIVATE KEY", made.getKey("page", SECRET.toCharArray()).getEncoded()));
        }
    }

    private static Path file(String algorithm, String kind) {
        return folder.resolve(algorithm + "." + kind);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static MetricsEndpoint page(String algorithm) throws Exception {
        return new MetricsEndpoint(
                "127.0.0.1",
                0,
                () -> true,
                "t0ken",
                PemIdentity.context(file(algorithm, "crt"), file(algorithm, "key")));
    }

    /** Trusts this identity alone. */
    private static SSLContext client(String algorithm) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        KeyStore made = KeyStore.getInstance(folder.resolve(algorithm + ".p12").toFile(), SECRET.toCharArray());
        trusted.setCertificateEntry("page", made.getCertificate("page"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aScrapeIsEncryptedAndKeepsItsConnection(String algorithm) throws Exception {
        try (MetricsEndpoint endpoint = page(algorithm)) {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(client(algorithm))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            for (int scrape = 0; scrape < 3; scrape++) {
                HttpResponse<String> page = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + endpoint.port() + "/metrics"))
                                .header("Authorization", "Bearer t0ken")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(page.statusCode()).isEqualTo(200);
                assertThat(page.body()).contains("jvm_memory_used_bytes");
            }
        }
    }

    @Test
    void manyRequestsInOneRecordAreAnsweredInTheirOrder() throws Exception {
        try (MetricsEndpoint endpoint = page("EC");
                Socket socket = client("EC").getSocketFactory().createSocket("127.0.0.1", endpoint.port())) {
            socket.setSoTimeout(20_000);
            String get = "GET /healthy HTTP/1.1\r\nHost: x\r\n\r\n";
            socket.getOutputStream()
                    .write((get.repeat(400) + "GET /healthy HTTP/1.1\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            String all = new String(in.readAllBytes(), US_ASCII);
            assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(402);
        }
    }

    @Test
    void clientsThatStopInTheHandshakeOrSpeakNoTlsDelayNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (MetricsEndpoint endpoint = page("EC")) {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket("127.0.0.1", endpoint.port());
                slow.add(socket);
                // the first bytes of a client's hello; every other one speaks plain HTTP
                socket.getOutputStream()
                        .write(i % 2 == 0 ? new byte[] {22, 3, 1, 2, 0, 1} : "GET / HTTP/1.1\r\n".getBytes(US_ASCII));
            }
            HttpClient client = HttpClient.newBuilder().sslContext(client("EC")).build();
            HttpResponse<String> healthy = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + endpoint.port() + "/healthy"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(healthy.body()).isEqualTo("ok\n");
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    @Test
    void filesThatAreNoIdentityAreNamed() throws Exception {
        Path other = Files.writeString(folder.resolve("other.key"), "-----BEGIN RSA PRIVATE KEY-----\nAA==\n");
        assertThatThrownBy(() -> PemIdentity.context(file("EC", "crt"), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        assertThatThrownBy(() -> PemIdentity.context(file("EC", "key"), file("EC", "key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EC.key holds no certificate");
    }
}
