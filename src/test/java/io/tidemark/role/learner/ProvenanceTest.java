package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.net.network.Activation;
import io.tidemark.net.network.Layer;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.NetworkSpec;
import io.tidemark.net.network.OptimiserSpec;
import io.tidemark.net.network.Regularisation;
import io.tidemark.net.network.Schedule;
import io.tidemark.net.network.TrainingMethod;
import io.tidemark.net.network.TrainingSpec;
import io.tidemark.net.network.Units;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    private static final StreamSpec STREAM = TestNetworks.stream(2);
    private static final Network NETWORK = TestNetworks.both(2).get(0);

    /** Layers that may be trained in every way. */
    private static final List<Layer> LAYERS = List.of(
            new Layer.Flatten(),
            new Layer.Dense(new Units.Count(2), Activation.IDENTITY),
            new Layer.Dense(new Units.Output(), Activation.IDENTITY));

    /** A training in which everything is declared otherwise than in another one, by component. */
    private static final Map<String, Object> OTHER = Map.ofEntries(
            Map.entry("method", TrainingMethod.PCA),
            Map.entry("loss", TrainingSpec.Loss.MAE),
            Map.entry("delta", 2.0),
            Map.entry("positiveWeight", 2.0),
            Map.entry("optimiser", new OptimiserSpec.RmsProp(0.9)),
            Map.entry("learningRate", 0.1),
            Map.entry("schedule", new Schedule(7, new Schedule.Decay.Constant())),
            Map.entry("initial", TrainingSpec.Start.ORTHOGONAL),
            Map.entry("regularisation", new Regularisation(0, 0.01, 0, 0)),
            Map.entry("batch", 128),
            Map.entry("patience", 3),
            Map.entry("pretraining", TrainingSpec.Pretraining.LAYER_WISE));

    /** What only decides which rows and gates come, or when: the records themselves tell. */
    private static final Set<String> TOLD_BY_RECORDS = Set.of("series", "chunk", "withhold", "passes", "share");

    @Test
    void theConfigurationHashOfALineageIsPinned() {
        assertThat(Provenance.config(STREAM, NETWORK))
                .isEqualTo("4e67284a595881dc5dbedf01af61265db3f7588bb898e4afdb860f434a72ec1c");
    }

    @Test
    void everySettingOfTheTrainingMakesAnotherLineage() throws ReflectiveOperationException {
        Set<String> hashes = new HashSet<>(Set.of(Provenance.config(STREAM, NETWORK)));
        for (String name : settings(NETWORK.training()).keySet()) {
            if (name.equals("augmentations")) continue; // of images alone
            assertThat(OTHER).containsKey(name);
            TrainingSpec plain = NETWORK.training();
            // these two are for losses of their own
            if (name.equals("delta")) plain = with(plain, "loss", TrainingSpec.Loss.HUBER);
            if (name.equals("positiveWeight")) plain = with(plain, "loss", TrainingSpec.Loss.BINARY_CROSS_ENTROPY);
            hashes.add(Provenance.config(STREAM, taught(plain)));
            assertThat(hashes.add(Provenance.config(
                            STREAM, taught(with(plain, name, java.util.Objects.requireNonNull(OTHER.get(name)))))))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void everySettingOfTheLearningMakesAnotherLineage() throws ReflectiveOperationException {
        String before = Provenance.config(STREAM, NETWORK);
        for (Map.Entry<String, Object> setting : settings(STREAM.learning()).entrySet()) {
            Object value = setting.getValue();
            Object other = value instanceof Integer i
                    ? (Object) (i + 1)
                    : value instanceof Long l ? (Object) (l + 1) : (Object) ((Double) value / 2);
            StreamSpec.Learning learning = with(STREAM.learning(), setting.getKey(), other);
            String after = Provenance.config(TestNetworks.stream("test", 2, learning), NETWORK);
            boolean told = TOLD_BY_RECORDS.contains(setting.getKey());
            assertThat(after.equals(before)).as(setting.getKey()).isEqualTo(told);
        }
    }

    private static Network taught(TrainingSpec training) {
        NetworkSpec spec = NETWORK.spec();
        return new NetworkSpec(
                        spec.name(),
                        spec.kind(),
                        spec.input(),
                        spec.window(),
                        spec.forecast(),
                        LAYERS,
                        training,
                        spec.normalisation())
                .bind(STREAM);
    }

    /** Every setting of a record, those of its groups among them. */
    private static Map<String, Object> settings(Record record) throws ReflectiveOperationException {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(record);
            if (isGroup(component)) settings.putAll(settings((Record) value));
            else settings.put(component.getName(), value);
        }
        return settings;
    }

    private static boolean isGroup(RecordComponent component) {
        return component.getType().isRecord()
                && component.getType().getEnclosingClass() == component.getDeclaringRecord();
    }

    @SuppressWarnings("unchecked")
    private static <R extends Record> R with(R record, String name, Object value) throws ReflectiveOperationException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            Object present = components[i].getAccessor().invoke(record);
            if (isGroup(components[i])) values[i] = with((Record) present, name, value);
            else values[i] = components[i].getName().equals(name) ? value : present;
        }
        return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
    }
}
