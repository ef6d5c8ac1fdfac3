package io.tidemark.judge.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Everything that a verdict said, in order and as it is written. */
final class Said implements Outcomes {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final List<String> all = new ArrayList<>();
    final List<JsonNode> scores = new ArrayList<>();
    final List<JsonNode> forecasts = new ArrayList<>();
    final List<JsonNode> alerts = new ArrayList<>();
    final List<Gate> gates = new ArrayList<>();
    final List<Label> labels = new ArrayList<>();
    int calibrationsLost;

    private final OutcomeWriter writer = new OutcomeWriter();

    @Override
    public void score(Score score) {
        scores.add(tree(writer.write(score)));
    }

    @Override
    public void forecast(Forecast forecast) {
        forecasts.add(tree(writer.write(forecast)));
    }

    @Override
    public void alert(Alert alert) {
        alerts.add(tree(writer.write(alert)));
    }

    @Override
    public void gate(Gate gate) {
        gates.add(gate);
        all.add(gate.toString());
    }

    @Override
    public void label(Label label) {
        labels.add(label);
        all.add(label.toString());
    }

    @Override
    public void calibrationLost() {
        calibrationsLost++;
    }

    private JsonNode tree(byte[] json) {
        try {
            all.add(new String(json, StandardCharsets.UTF_8));
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest score. */
    JsonNode last() {
        return scores.get(scores.size() - 1);
    }

    /** State and reason of each alert. */
    List<String> alerts() {
        return alerts.stream()
                .map(a -> a.get("state").textValue() + " " + a.path("reason").asText())
                .toList();
    }

    /** Why each of these steps may not teach; empty where it may. */
    List<String> reasons(long from, long to) {
        return gates.stream()
                .filter(gate -> from <= gate.fromStep() && gate.fromStep() < to)
                .map(Gate::reason)
                .distinct()
                .toList();
    }
}
