package dev.stillpoint.law;

import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/** T(z) = a·z + b, elementwise, each sample with a factor of its own: z* = b/(1 − a), and rows that share no rounding. */
public record Contractions(Tensor a, Tensor b) implements Batch<Contractions> {
    /** The operator itself. */
    public static final Operator<Contractions> OPERATOR = (z, c) -> z.mul(c.a).add(c.b);

    /** One factor a sample, and normal b of width n, in float64. */
    public static Contractions of(RandomGenerator random, int n, double... factors) {
        int batch = factors.length;
        return new Contractions(
                Tensors.of(factors, batch, 1), Tensors.of(Cases.normal(random, batch * n, 1), batch, n));
    }

    @Override
    public int size() {
        return (int) b.size(0);
    }

    @Override
    public Contractions select(Tensor rows) {
        return new Contractions(a.index_select(0, rows), b.index_select(0, rows));
    }
}
