package io.tidemark;

import io.tidemark.config.StreamSpec;
import io.tidemark.image.decode.ImageDecoder;
import io.tidemark.judge.outcome.Alert;
import io.tidemark.judge.outcome.Forecast;
import io.tidemark.judge.outcome.Outcomes;
import io.tidemark.judge.outcome.Score;
import io.tidemark.judge.outcome.ScoreStatus;
import io.tidemark.judge.outcome.SeriesVerdict;
import io.tidemark.judge.outcome.VerdictPlan;
import io.tidemark.learn.learning.LearningEvent;
import io.tidemark.learn.learning.StreamLearner;
import io.tidemark.model.inference.BatchScorer;
import io.tidemark.model.inference.PendingSample;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.series.event.DecodedEvent;
import io.tidemark.series.event.RejectReason;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Inference;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.window.SampleListener;
import io.tidemark.series.window.SeriesPipeline;
import io.tidemark.series.window.WindowPlan;
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
        verdict = new VerdictPlan(stream).open("camera");
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
