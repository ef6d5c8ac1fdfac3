package io.tidemark.learn.fit;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.network.Network;
import java.util.List;
import java.util.Map;

/** Reports from what a fit went through. */
final class Reports {
    private Reports() {}

    /** What differs from fit to fit. */
    record Course(
            long steps,
            int bestEpoch,
            FitReport.Stopped stopped,
            double seconds,
            double cpuSeconds,
            List<FitReport.Epoch> curve,
            Map<String, Errors> errors) {}

    static FitReport of(Engine engine, Network network, long seed, int train, int validation, Course course) {
        EngineInfo info = engine.info();
        return new FitReport(
                network.spec().name(),
                network.hash(),
                network.inputs().get(0).shape(),
                network.parameterCount(),
                network.multiplyAdds(),
                info.name(),
                info.build(),
                info.device(),
                seed,
                network.training().batch(),
                train,
                validation,
                course.steps(),
                course.bestEpoch(),
                course.stopped(),
                course.seconds(),
                course.cpuSeconds(),
                course.curve(),
                List.of(),
                course.errors(),
                Map.of());
    }
}
