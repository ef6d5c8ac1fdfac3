package io.tidemark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
    @Test
    void metersStandOnThePageWithTheirLabels() throws Exception {
        try (MetricsEndpoint endpoint = new MetricsEndpoint("127.0.0.1", 0, () -> false)) {
            Meters meters = endpoint.meters();
            meters.counter(MeterName.EVENTS, "pump").increment(3);
            meters.level(MeterName.LOSS, "pump", "dense-ae").set(0.25);

            assertThat(get(endpoint, "/metrics").body())
                    .contains("tidemark_events_total{stream=\"pump\"} 3.0")
                    .contains("tidemark_learner_loss{network=\"dense-ae\",stream=\"pump\"} 0.25");
            assertThat(get(endpoint, "/healthy").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void theSameLevelIsSharedByEveryoneWhoAsksForIt() {
        Meters meters = new Meters(new SimpleMeterRegistry());
        meters.level(MeterName.ALERTS_OPEN, "pump").add(2);
        meters.level(MeterName.ALERTS_OPEN, "pump").add(-1);

        assertThat(meters.level(MeterName.ALERTS_OPEN, "pump").value()).isEqualTo(1);
    }

    @Test
    void aWrongNumberOfLabelsIsRefused() {
        Meters meters = new Meters(new SimpleMeterRegistry());
        assertThatThrownBy(() -> meters.counter(MeterName.OUTCOMES, "pump")).hasMessageContaining("[stream, status]");
    }

    private static HttpResponse<String> get(MetricsEndpoint endpoint, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
