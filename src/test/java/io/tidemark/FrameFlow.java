package io.tidemark;

import io.tidemark.config.StreamSpec;
import io.tidemark.engine.Engine;
import io.tidemark.event.DecodedEvent;
import io.tidemark.event.RejectReason;
import io.tidemark.image.ImageDecoder;
import io.tidemark.inference.BatchScorer;
import io.tidemark.inference.PendingSample;
import io.tidemark.learning.LearningEvent;
import io.tidemark.learning.StreamLearner;
import io.tidemark.network.Network;
import io.tidemark.outcome.Alert;
import io.tidemark.outcome.Forecast;
import io.tidemark.outcome.Outcomes;
import io.tidemark.outcome.Score;
import io.tidemark.outcome.ScoreStatus;
import io.tidemark.outcome.SeriesVerdict;
import io.tidemark.outcome.StreamVerdict;
import io.tidemark.sample.Gate;
import io.tidemark.sample.Inference;
import io.tidemark.sample.Label;
import io.tidemark.sample.Step;
import io.tidemark.sample.TrainingRows;
import io.tidemark.window.SampleListener;
import io.tidemark.window.SeriesPipeline;
import io.tidemark.window.WindowPlan;
import java.util.ArrayList;
import java.util.List;

/** One series of frames from encoded bytes to scores, which teaches and swaps after every frame: the roles without Kafka between them. */
final class FrameFlow implements SampleListener, Outcomes, AutoCloseable {
    private final ImageDecoder decoder;
    private final DecodedEvent event = new DecodedEvent(1);
    private final SeriesPipeline pipeline;
    private final BatchScorer scorer;
    private final SeriesVerdict verdict;
    private final StreamLearner learner;
    private final PendingSample pending = new PendingSample();
    private final Inference inference = new Inference();
    private final TrainingRows rows = new TrainingRows();
    private final List<Gate> gates = new ArrayList<>();
    private long frames;
    private int versions;
    private double score = Double.NaN;

    FrameFlow(StreamSpec stream, Network network, Engine engine) {
        decoder = new ImageDecoder(stream.input().image().orElseThrow());
        pipeline = new WindowPlan(stream, 1).begin("camera", true);
        scorer = new BatchScorer(
                engine, List.of(network), stream.input().image().orElseThrow(), 16, (name, nanos) -> {});
        verdict = new StreamVerdict(stream).open("camera");
        learner = new StreamLearner(stream, List.of(network), engine);
    }

    /** The score of the next frame; NaN while the series warms up. */
    double next(byte[] encoded) {
        ImageDecoder.Outcome outcome = decoder.decode(encoded, "");
        if (!(outcome instanceof ImageDecoder.Decoded decoded)) {
            throw new IllegalArgumentException(RejectReason.IMAGE_MALFORMED + ": " + outcome);
        }
        event.clear();
        event.series = "camera";
        event.timeMs = 1000 * ++frames;
        event.frame = decoded.frame();
        event.values()[0] = decoded.frame().brightness();
        pipeline.accept(event, this);
        for (Gate gate : gates) hear(learner.gate(gate));
        gates.clear();
        return score;
    }

    /** Versions published so far. */
    int versions() {
        return versions;
    }

    private void hear(List<LearningEvent> events) {
        for (LearningEvent heard : events) {
            if (heard instanceof LearningEvent.Publish publish) {
                scorer.swap(publish.network(), ++versions, publish.state());
            }
        }
    }

    @Override
    public void sample(Step step, byte[] record) {
        scorer.score(List.of(pending.read(record)));
        verdict.judge(inference.decode(pending.inference), step.timeMs, this);
    }

    @Override
    public void training(byte[] record) {
        hear(learner.rows(rows.decode(record)));
    }

    @Override
    public void score(Score judged) {
        score = judged.status == ScoreStatus.SCORED ? judged.score : Double.NaN;
    }

    @Override
    public void forecast(Forecast forecast) {}

    @Override
    public void alert(Alert alert) {}

    @Override
    public void gate(Gate gate) {
        gates.add(gate);
    }

    @Override
    public void label(Label label) {}

    @Override
    public void close() {
        decoder.close();
        scorer.close();
        learner.close();
    }
}
