package io.tidemark.net.engine.dl4j;

import io.tidemark.net.network.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.LeakyReLUDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SigmoidDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Swish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SwishDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.TanhDerivative;
import org.nd4j.linalg.factory.Nd4j;

/** An element-wise function; a scoring tape computes it in place. */
final class ActivationStep implements TapeStep {
    /** Slope of leaky ReLU below 0. */
    static final double LEAK = 0.01;

    private final Runnable forward;
    private final Runnable backward;

    ActivationStep(Tape tape, Activation activation, TapeSlot in, TapeSlot out) {
        INDArray x = in.values().part(0, in.length());
        INDArray y = out.values().part(0, out.length());
        forward = activation == Activation.SOFTPLUS ? softplus(in, out) : forward(activation, x, y);
        if (!tape.trains()) {
            backward = () -> {};
            return;
        }
        INDArray dx = in.trained().part(0, in.length());
        INDArray dy = out.trained().part(0, out.length());
        Runnable slope = slope(activation, x, dx);
        backward = () -> {
            slope.run();
            dx.muli(dy);
        };
    }

    private static Runnable forward(Activation activation, INDArray x, INDArray y) {
        return switch (activation) {
            case IDENTITY -> () -> y.assign(x);
            case RELU -> running(new RectifiedLinear(x, y, 0.0));
            case LEAKY_RELU -> running(new LeakyReLU(x, y, LEAK));
            case SOFTPLUS -> throw new IllegalArgumentException("softplus is computed over arrays");
            case TANH -> running(new Tanh(x, y));
            case SIGMOID -> running(new Sigmoid(x, y));
            case SWISH -> running(new Swish(x, y));
            case ELU -> running(custom("elu", x, y));
        };
    }

    /** In Java, for the library's own is infinite from 89 on. */
    private static Runnable softplus(TapeSlot in, TapeSlot out) {
        float[] values = new float[in.length()];
        return () -> {
            in.values().get(values, 0, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                float x = values[i];
                values[i] = (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
            }
            out.values().put(values, 0, 0, values.length);
        };
    }

    private static Runnable slope(Activation activation, INDArray x, INDArray dx) {
        return switch (activation) {
            case IDENTITY -> () -> dx.assign(1f);
            case RELU -> running(new LeakyReLUDerivative(x, dx, 0.0));
            case LEAKY_RELU -> running(new LeakyReLUDerivative(x, dx, LEAK));
            case SOFTPLUS -> running(new Sigmoid(x, dx));
            case TANH -> running(new TanhDerivative(x, dx));
            case SIGMOID -> running(new SigmoidDerivative(x, dx));
            case SWISH -> running(new SwishDerivative(x, dx));
            case ELU -> eluSlope(x, dx);
        };
    }

    /** 1 above 0, eˣ below. */
    private static Runnable eluSlope(INDArray x, INDArray dx) {
        CustomOp elu = custom("elu", x, dx);
        return () -> {
            Nd4j.getExecutioner().exec(elu);
            Nd4j.getExecutioner().exec(new org.nd4j.linalg.api.ops.impl.scalar.ScalarMin(dx, null, dx, 0.0));
            dx.addi(1.0);
        };
    }

    private static CustomOp custom(String name, INDArray x, INDArray y) {
        return DynamicCustomOp.builder(name)
                .addInputs(x)
                .addOutputs(y)
                .addFloatingPointArguments(1.0)
                .build();
    }

    private static Runnable running(Op op) {
        return () -> Nd4j.getExecutioner().exec(op);
    }

    private static Runnable running(CustomOp op) {
        return () -> Nd4j.getExecutioner().exec(op);
    }

    @Override
    public void forward() {
        forward.run();
    }

    @Override
    public void backward() {
        backward.run();
    }
}
