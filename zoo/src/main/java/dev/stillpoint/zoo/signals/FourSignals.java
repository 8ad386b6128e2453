package dev.stillpoint.zoo.signals;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Four answers to one measurement: the true signal; another sparse signal, which was not measured; the least-squares solution
 * A⁺d, which fits and is not sparse; and what the model recovers.
 */
final class FourSignals {
    private FourSignals() {}

    /** The four by name, for row {@code i}; the wrong one is the next row's. */
    static Map<String, float[]> of(SignalData data, int i, float[] recovered) {
        Map<String, float[]> four = new LinkedHashMap<>();
        four.put("true signal", data.signals()[i]);
        four.put("wrong sparse signal", data.signals()[(i + 1) % data.size()]);
        four.put("least squares", leastSquares(data.measurement(), new float[][] {data.measured()[i]})[0]);
        four.put("model", recovered);
        return four;
    }

    /** The four drawn with their labels. */
    static List<Illustration> drawn(SignalData data, int i, float[] recovered, SignalPredictor predictor) {
        List<Illustration> drawings = new ArrayList<>();
        of(data, i, recovered).forEach((name, signal) -> {
            List<Certificate> labels = predictor
                    .judge(new float[][] {signal}, new float[][] {data.measured()[i]})
                    .get(0);
            drawings.add(SignalDrawing.of(name, signal, data.signals()[i], labels));
        });
        return drawings;
    }

    /** A⁺d, the solution of Ax = d of least norm, a row each; computed in float64. */
    static float[][] leastSquares(double[][] a, float[][] measured) {
        try (TensorScope scope = TensorScope.open()) {
            double[] flat = java.util.Arrays.stream(a)
                    .flatMapToDouble(java.util.Arrays::stream)
                    .toArray();
            Tensor inverse = torch.linalg_pinv(Tensors.of(flat, a.length, a[0].length));
            Tensor d = Tensors.of(measured).to(inverse.scalar_type());
            return Tensors.rows(d.matmul(inverse.t()));
        }
    }
}
