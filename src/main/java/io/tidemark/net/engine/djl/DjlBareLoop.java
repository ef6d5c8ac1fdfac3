package io.tidemark.net.engine.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.tidemark.net.engine.BareLoop;
import io.tidemark.net.network.Network;
import io.tidemark.net.network.TrainingSpec;
import java.util.List;
import java.util.Optional;

/** DJL's own {@code Model}, {@code Trainer}, loss, gradient collector and Adam, with an {@code NDArray} made for every batch. */
final class DjlBareLoop extends BareLoop {
    private final Model model;
    private final Trainer trainer;
    private final Block block;
    private final BareBlocks blocks;
    private final Loss loss;
    private final ParameterStore store;
    private final NDManager manager;
    private final Shape inputShape;
    private final Shape targetShape;

    private DjlBareLoop(Network network, int batch, Device device, BareBlocks blocks, Block block) {
        super(network, batch);
        this.blocks = blocks;
        this.block = block;
        inputShape = shape(batch, network.inputs().get(0).shape());
        targetShape = shape(batch, network.targets().get(0).shape());
        loss = loss(network);
        model = Model.newInstance("bare", device, "PyTorch");
        model.setBlock(block);
        Optimizer adam = Adam.builder()
                .optLearningRateTracker(
                        Tracker.fixed((float) network.training().optimisation().learningRate()))
                .build();
        trainer = model.newTrainer(
                new DefaultTrainingConfig(loss).optOptimizer(adam).optDevices(new Device[] {device}));
        trainer.initialize(inputShape);
        manager = model.getNDManager();
        store = new ParameterStore(manager, false);
    }

    /** Nothing when DJL has no block of its own for one of the layers. */
    static Optional<BareLoop> open(Network network, int batch, Device device) {
        PyTorch.start();
        JniUtils.setGradMode(true);
        BareBlocks blocks = new BareBlocks();
        return blocks.of(network).map(block -> new DjlBareLoop(network, batch, device, blocks, block));
    }

    private static Shape shape(int batch, int[] sample) {
        long[] sizes = new long[sample.length + 1];
        sizes[0] = batch;
        for (int i = 0; i < sample.length; i++) sizes[i + 1] = sample[i];
        return new Shape(sizes);
    }

    /** The network's loss out of DJL's array operations where DJL has none of that name. */
    private static Loss loss(Network network) {
        TrainingSpec.Loss declared = network.training().objective().loss();
        if (declared == TrainingSpec.Loss.MAE) return Loss.l1Loss();
        if (declared == TrainingSpec.Loss.SMOOTH_L1) {
            return composed((label, output) ->
                    output.sub(label).square().add(0.01f).sqrt().mean());
        }
        if (declared == TrainingSpec.Loss.HUBER) {
            return composed((label, output) -> {
                NDArray distance = output.sub(label).abs();
                NDArray near = distance.minimum(1);
                return near.square().mul(0.5f).add(distance.sub(near)).mean();
            });
        }
        if (declared == TrainingSpec.Loss.BINARY_CROSS_ENTROPY) return Loss.sigmoidBinaryCrossEntropyLoss();
        if (declared == TrainingSpec.Loss.QUANTILE) {
            List<Double> declaredQuantiles = network.spec().forecast().quantiles();
            float[] quantiles = new float[declaredQuantiles.size()];
            for (int q = 0; q < quantiles.length; q++)
                quantiles[q] = declaredQuantiles.get(q).floatValue();
            return composed((label, output) -> {
                NDArray q = label.getManager().create(quantiles);
                NDArray under = label.expandDims(-1).sub(output);
                return NDArrays.maximum(under.mul(q), under.mul(q.sub(1))).mean();
            });
        }
        return Loss.l2Loss();
    }

    private interface Composed {
        NDArray evaluate(NDArray label, NDArray output);
    }

    private static Loss composed(Composed composed) {
        return new Loss("composed") {
            @Override
            public NDArray evaluate(NDList labels, NDList outputs) {
                return composed.evaluate(labels.singletonOrThrow(), outputs.singletonOrThrow());
            }
        };
    }

    @Override
    public void score() {
        blocks.begin(false);
        JniUtils.setGradMode(false);
        try (NDManager batch = manager.newSubManager()) {
            block.forward(store, new NDList(batch.create(input(), inputShape)), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    @Override
    public void train() {
        blocks.begin(true);
        JniUtils.setGradMode(true);
        try (NDManager batch = manager.newSubManager()) {
            NDList x = new NDList(batch.create(input(), inputShape));
            NDList y = new NDList(batch.create(target(), targetShape));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                collector.backward(blocks.withTerms(loss.evaluate(y, trainer.forward(x))));
            }
            trainer.step();
        }
        JniUtils.setGradMode(false);
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
