package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.learn.fit.FitReport;
import io.tidemark.model.registry.AuditEntry;
import io.tidemark.model.registry.Lineage;
import io.tidemark.model.registry.ModelId;
import io.tidemark.model.registry.ModelVersion;
import io.tidemark.model.registry.RegistryView;
import io.tidemark.role.retrain.JobReport;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of models as the console shows it, with the curves of the newest {@value #REPORTS_MAX} retrainings; both are read again at most every ten
 * seconds. Safe for any thread.
 */
final class ModelsView {
    static final int REPORTS_MAX = 64;
    static final int CURVE_MAX = 200;
    private static final long FRESH_MS = 10_000;
    private static final int AUDIT_MAX = 50;
    private static final Duration REPORTS_WITHIN = Duration.ofSeconds(2);
    private static final String CHAMPION = "champion-";
    private static final String CHALLENGER = "challenger-";
    private static final Logger LOG = LoggerFactory.getLogger(ModelsView.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConnection connection;
    private ObjectNode models = JSON.createObjectNode();
    private long readMs = Long.MIN_VALUE;
    private boolean told;

    ModelsView(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Versions with their curves, the newest trial of each network, and what was decided, newest first. */
    synchronized ObjectNode models(long nowMs) throws InterruptedException {
        if (readMs != Long.MIN_VALUE && nowMs - readMs < FRESH_MS) return models;
        RegistryView view = RegistryView.read(connection);
        boolean trained = view.versions().stream()
                .anyMatch(v -> v.origin().lineage() == null && !v.origin().job().isEmpty());
        models = json(view, trained ? curves() : Map.of());
        readMs = nowMs;
        return models;
    }

    /** Has the registry read again for the next question. */
    synchronized void forget() {
        readMs = Long.MIN_VALUE;
    }

    /** @param curves of retrainings, by their job's id */
    static ObjectNode json(RegistryView view, Map<String, ObjectNode> curves) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode versions = json.putArray("versions");
        view.versions().stream()
                .sorted(Comparator.comparing(ModelVersion::id)
                        .thenComparing(
                                Comparator.comparingInt(ModelVersion::version).reversed()))
                .forEach(v -> version(versions.addObject(), v, view, curves));
        ArrayNode trials = json.putArray("trials");
        new TreeMap<>(view.audit()).forEach((id, entries) -> trial(id, entries, trials));
        ArrayNode audit = json.putArray("audit");
        view.audit().values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(
                                (AuditEntry entry) -> entry.request().whenMs())
                        .reversed())
                .limit(AUDIT_MAX)
                .forEach(entry -> entry(audit.addObject(), entry));
        return json;
    }

    private static void version(ObjectNode json, ModelVersion v, RegistryView view, Map<String, ObjectNode> curves) {
        json.put("stream", v.id().stream()).put("network", v.id().network()).put("version", v.version());
        json.put("state", view.state(v).toString())
                .put("parent", v.origin().parent())
                .put("engine", v.training().engine());
        json.put("rows_taught", v.training().rowsTaught())
                .put("rows_withheld", v.training().rowsWithheld());
        json.put("last_row", v.training().lastTimeMs());
        finite(json, "loss", v.training().loss());
        finite(json, "usual_error", v.reference().median());
        Lineage lineage = v.origin().lineage();
        ObjectNode curve = lineage == null ? curves.get(v.origin().job()) : curve(lineage.losses());
        if (curve != null && curve.path("train").size() > 1) json.set("curve", curve);
    }

    private static void finite(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) json.put(name, value);
    }

    /** What a learner's version says of its own training. */
    private static ObjectNode curve(List<Float> losses) {
        ObjectNode curve = JSON.createObjectNode();
        ArrayNode train = curve.putArray("train");
        for (float loss : losses) add(train, loss);
        return curve;
    }

    private static void add(ArrayNode into, double value) {
        if (Double.isFinite(value)) into.add(value);
        else into.addNull();
    }

    /** The curves of the newest retrainings, by job; none where the topic is not there or may not be read. */
    private Map<String, ObjectNode> curves() {
        Map<String, ObjectNode> curves = new HashMap<>();
        try {
            String topic = connection.names().reports();
            for (String text : NewestRecords.of(connection, topic, REPORTS_MAX, REPORTS_WITHIN)
                    .texts()) {
                curve(text, curves);
            }
        } catch (BrokerException | KafkaException e) {
            if (!told) LOG.warn("the console shows no curves of retrainings: {}", e.getMessage());
            told = true;
        }
        return curves;
    }

    /** Of several reports of one job the first counts. */
    static void curve(String text, Map<String, ObjectNode> curves) {
        JobReport report;
        try {
            report = JobReport.fromJson(text.getBytes(UTF_8));
        } catch (MalformedRecordException e) {
            return; // no role wrote it
        }
        FitReport fit = report.outcome().fit();
        if (fit == null || curves.containsKey(report.job().id())) return;
        ObjectNode curve = JSON.createObjectNode();
        ArrayNode steps = curve.putArray("steps");
        ArrayNode train = curve.putArray("train");
        ArrayNode validation = curve.putArray("validation");
        List<FitReport.Epoch> epochs = fit.course().curve();
        int stride = 1 + epochs.size() / CURVE_MAX;
        for (int i = 0; i < epochs.size(); i += stride) {
            steps.add(epochs.get(i).steps());
            add(train, epochs.get(i).trainLoss());
            add(validation, epochs.get(i).validationLoss());
        }
        curves.put(report.job().id(), curve);
    }

    /** Adds the newest decision that compared a challenger with the champion, and on which figures. */
    private static void trial(ModelId id, List<AuditEntry> entries, ArrayNode into) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            AuditEntry entry = entries.get(i);
            if (entry.figures().keySet().stream().noneMatch(name -> name.startsWith(CHALLENGER))) continue;
            ObjectNode trial = into.addObject().put("stream", id.stream()).put("network", id.network());
            trial.put("when", entry.request().whenMs())
                    .put("who", entry.request().who())
                    .put("action", entry.change().action());
            trial.put("champion", entry.change().before())
                    .put("challenger", entry.change().version());
            trial.put("why", why(entry));
            ArrayNode figures = trial.putArray("figures");
            TreeSet<String> names = new TreeSet<>();
            for (String name : entry.figures().keySet()) {
                if (name.startsWith(CHAMPION)) names.add(name.substring(CHAMPION.length()));
                if (name.startsWith(CHALLENGER)) names.add(name.substring(CHALLENGER.length()));
            }
            for (String name : names) {
                ObjectNode figure = figures.addObject().put("name", name);
                finite(figure, "champion", entry.figures().getOrDefault(CHAMPION + name, Double.NaN));
                finite(figure, "challenger", entry.figures().getOrDefault(CHALLENGER + name, Double.NaN));
            }
            return;
        }
    }

    private static void entry(ObjectNode json, AuditEntry entry) {
        json.put("when", entry.request().whenMs())
                .put("who", entry.request().who())
                .put("action", entry.change().action());
        json.put(
                "model",
                entry.model()
                        + (entry.change().version() == 0
                                ? ""
                                : "@" + entry.change().version()));
        json.put("before", entry.change().before()).put("after", entry.change().after());
        json.put("why", why(entry));
    }

    private static String why(AuditEntry entry) {
        return entry.refused().isEmpty() ? entry.request().why() : "refused: " + entry.refused();
    }
}
