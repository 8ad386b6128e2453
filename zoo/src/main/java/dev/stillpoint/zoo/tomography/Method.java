package dev.stillpoint.zoo.tomography;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.operator.AdmmOptimality;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A trained way from data to images, with what there is to say of how each image came about. */
interface Method extends Reconstruction {
    /** Its weights. */
    Learnable weights();

    /**
     * Reconstructs, off the tape.
     *
     * @param d [batch, angles·bins], in the scanner's unit
     * @return of the open scope
     */
    Answer answer(Tensor d);

    @Override
    default Tensor of(Tensor d) {
        return answer(d).x();
    }

    /**
     * The same from a state that training has left, for checks to be calibrated on: in a few steps instead of hundreds. A method that
     * solves nothing has none.
     */
    default Answer answer(Tensor d, Tensor state) {
        return answer(d);
    }

    /** The answers of all rows, a few at a time. */
    default Answers all(Tensor data, Watch watch) {
        Answers all = new Answers(Math.toIntExact(data.size(0)));
        for (int from = 0; from < all.images.length; from += ROWS) {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                int count = Math.min(ROWS, all.images.length - from);
                all.put(from, answer(data.narrow(0, from, count)));
                watch.onRows(from + count);
            }
        }
        return all;
    }

    /** Told how many rows are done. */
    interface Watch {
        void onRows(int done);
    }

    /**
     * What a batch's reconstruction is.
     *
     * @param x [batch, n²]
     * @param status how each solve ended; a method that solves nothing has converged
     * @param steps of each solve
     * @param residual that it reached, ‖T(z) − z‖₂
     * @param excess the same over the residual that was asked for
     * @param optimality the worst of the optimality conditions' residuals; NaN where there are none
     */
    record Answer(Tensor x, Status[] status, int[] steps, double[] residual, double[] excess, double[] optimality) {
        /** Of a method that solves nothing. */
        static Answer direct(Tensor x) {
            int rows = Math.toIntExact(x.size(0));
            Status[] status = new Status[rows];
            double[] unknown = new double[rows];
            Arrays.fill(unknown, Double.NaN);
            try (TensorScope scope = TensorScope.open()) {
                double[] sums = Tensors.doubles(x.sum(1));
                Arrays.setAll(status, i -> Double.isFinite(sums[i]) ? Status.CONVERGED : Status.NON_FINITE);
            }
            return new Answer(x, status, new int[rows], new double[rows], new double[rows], unknown);
        }

        /** Of a fixed point. */
        static Answer of(Inference<?> inference, double[] optimality) {
            Solution solution = inference.solution();
            SolveStats stats = solution.stats();
            double[] excess = new double[stats.residual().length];
            Arrays.setAll(excess, i -> stats.residual()[i] / stats.threshold()[i]);
            return new Answer(inference.x(), solution.status(), stats.steps(), stats.residual(), excess, optimality);
        }
    }

    /** The same of many rows, off the native memory. */
    final class Answers {
        final float[][] images;
        final Status[] status;
        final int[] steps;
        final double[] residual;
        final double[] excess;
        final double[] optimality;

        Answers(int rows) {
            this.images = new float[rows][];
            this.status = new Status[rows];
            this.steps = new int[rows];
            this.residual = new double[rows];
            this.excess = new double[rows];
            this.optimality = new double[rows];
        }

        void put(int from, Answer answer) {
            float[][] part = Tensors.rows(answer.x());
            int count = part.length;
            System.arraycopy(part, 0, images, from, count);
            System.arraycopy(answer.status(), 0, status, from, count);
            System.arraycopy(answer.steps(), 0, steps, from, count);
            System.arraycopy(answer.residual(), 0, residual, from, count);
            System.arraycopy(answer.excess(), 0, excess, from, count);
            System.arraycopy(answer.optimality(), 0, optimality, from, count);
        }

        /** The share of rows that converged. */
        double converged() {
            return Arrays.stream(status).filter(s -> s == Status.CONVERGED).count() / (double) status.length;
        }
    }

    /** The constrained network, solved by a rule. */
    record Constrained(ConstrainedNetwork model, StoppingRule stop) implements Method {
        /** Properties are exact to three digits there, in a tenth of a decision's steps. */
        private static final StoppingRule CALIBRATED = new StoppingRule(0, 3e-5, 2_000, 10);

        @Override
        public Learnable weights() {
            return network();
        }

        private ImplicitNetwork<Tensor, ScanContext> network() {
            return model.network(stop, new JacobianFree());
        }

        @Override
        public Answer answer(Tensor d) {
            return checked(network().infer(d));
        }

        @Override
        public Answer answer(Tensor d, Tensor state) {
            return checked(model.network(CALIBRATED, new JacobianFree()).infer(d, state));
        }

        private Answer checked(Inference<ScanContext> inference) {
            AdmmOptimality at =
                    AdmmOptimality.of(model.operator(), inference.solution().z(), inference.context());
            double[] worst = new double[inference.context().size()];
            Arrays.setAll(worst, at::worst);
            return Answer.of(inference, worst);
        }
    }

    /** A fixed point that is no solution of a stated problem. */
    record Iterated<C extends Batch<C>>(ImplicitNetwork<Tensor, C> network) implements Method {
        @Override
        public Learnable weights() {
            return network.operator();
        }

        @Override
        public Answer answer(Tensor d) {
            return unjudged(network.infer(d));
        }

        @Override
        public Answer answer(Tensor d, Tensor state) {
            return unjudged(network.infer(d, state));
        }

        private static Answer unjudged(Inference<?> inference) {
            double[] unknown = new double[Math.toIntExact(inference.x().size(0))];
            Arrays.fill(unknown, Double.NaN);
            return Answer.of(inference, unknown);
        }
    }

    /** A map of its own. */
    record Direct(Learnable weights, Reconstruction map) implements Method {
        @Override
        public Answer answer(Tensor d) {
            return Answer.direct(map.of(d));
        }
    }
}
