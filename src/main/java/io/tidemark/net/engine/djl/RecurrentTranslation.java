package io.tidemark.net.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;
import io.tidemark.net.network.BoundLayer;
import io.tidemark.net.network.Recurrence;
import java.util.List;

/**
 * The PyTorch operations of recurrent layers. PyTorch adds a second bias to each; it is a constant zero here.
 *
 * @param device owns constants as long as the operations are used
 */
record RecurrentTranslation(BoundLayer bound, NDManager device) {
    Operation lstm() {
        int units = bound.output()[1];
        String inputWeight = bound.parameter("weight_ih").name();
        String stateWeight = bound.parameter("weight_hh").name();
        String bias = bound.parameter("bias").name();
        NDArray secondBias = noBias(4L * units);
        return (batch, x) -> {
            NDArray start = batch.manager().zeros(new Shape(1, batch.samples(), units), DataType.FLOAT32);
            NDList parameters = new NDList(
                    batch.parameter(inputWeight), batch.parameter(stateWeight), batch.parameter(bias), secondBias);
            return x.getNDArrayInternal()
                    .lstm(x, new NDList(start, start), parameters, true, 1, 0, false, false, true)
                    .get(0);
        };
    }

    Operation bidirectionalLstm() {
        int units = bound.output()[1] / 2;
        List<String> names =
                bound.parameters().stream().map(BoundLayer.Parameter::name).toList();
        NDArray secondBias = noBias(4L * units);
        return (batch, x) -> {
            NDArray start = batch.manager().zeros(new Shape(2, batch.samples(), units), DataType.FLOAT32);
            NDList parameters = new NDList();
            for (int direction = 0; direction < names.size(); direction += 3) {
                for (int i = 0; i < 3; i++) parameters.add(batch.parameter(names.get(direction + i)));
                parameters.add(secondBias);
            }
            return x.getNDArrayInternal()
                    .lstm(x, new NDList(start, start), parameters, true, 1, 0, false, true, true)
                    .get(0);
        };
    }

    Operation recurrence(Recurrence.Kind kind) {
        int units = bound.output()[1];
        String inputWeight = bound.parameter("weight_ih").name();
        String stateWeight = bound.parameter("weight_hh").name();
        String bias = bound.parameter("bias").name();
        NDArray secondBias = noBias((long) kind.gates() * units);
        boolean gru = kind == Recurrence.Kind.GRU;
        return (batch, x) -> {
            NDArray start = batch.manager().zeros(new Shape(1, batch.samples(), units), DataType.FLOAT32);
            NDList parameters = new NDList(
                    batch.parameter(inputWeight), batch.parameter(stateWeight), batch.parameter(bias), secondBias);
            NDList result = gru
                    ? x.getNDArrayInternal().gru(x, start, parameters, true, 1, 0, false, false, true)
                    : x.getNDArrayInternal()
                            .rnn(x, start, parameters, true, 1, RNN.Activation.TANH, 0, false, false, true);
            return result.get(0);
        };
    }

    private NDArray noBias(long sums) {
        return device.zeros(new Shape(sums), DataType.FLOAT32);
    }
}
