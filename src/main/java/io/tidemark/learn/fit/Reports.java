package io.tidemark.learn.fit;

import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.EngineInfo;
import io.tidemark.net.network.Network;
import java.util.List;
import java.util.Map;

/** Reports from what a fit went through. */
final class Reports {
    private Reports() {}

    static FitReport of(
            Engine engine,
            Network network,
            FitReport.Setup setup,
            FitReport.Course course,
            Map<String, Errors> errors) {
        EngineInfo info = engine.info();
        FitReport.Subject subject = new FitReport.Subject(
                network.spec().name(),
                network.hash(),
                network.inputs().get(0).shape(),
                network.parameterCount(),
                network.multiplyAdds());
        FitReport.Machine machine = new FitReport.Machine(info.name(), info.build(), info.device());
        return new FitReport(subject, machine, setup, course, List.of(), errors, Map.of());
    }
}
