package dev.stillpoint.solver;

import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.operator.Operator;
import org.bytedeco.pytorch.Tensor;

/** One solve of {@link FixedPointSolver} by the operator's own loop, which asks here when each sample ends. */
final class FusedRun implements Judge {
    /** Steps of a sample for one reading of the clock, which takes as long as a step of a small problem. */
    private static final int STEPS_A_READING = 8;

    private final Deadline deadline;
    private final boolean timed;
    private final Samples samples;
    private volatile boolean late;

    FusedRun(StoppingRule stop, Operator<?> t, Tensor z0) {
        this.deadline = Deadline.in(stop.deadline());
        this.timed = deadline.comes();
        this.samples = new Samples(stop, t, z0);
    }

    Solution run(Fused.Loop loop, Tensor z0) {
        Tensor z = loop.run(this);
        Samples.checkLike("Fused.Loop: z", z, z0);
        int[] nothingDropped = new int[(int) z0.size(0)];
        return samples.solution(z, nothingDropped, samples.mostSteps(), true);
    }

    @Override
    public Verdict look(int sample, int step, double residual, double size) {
        Samples.Sample s = samples.get(sample);
        assert !s.hasEnded() : "sample " + sample + " has ended";
        boolean over = timed && isLate(sample, step);
        if (!over && !s.due(step)) {
            return Verdict.GO_ON;
        }
        return s.look(step, residual, size, samples.ending(step, over)) ? Verdict.MEASURE : verdict(s);
    }

    @Override
    public Verdict moved(int sample, double distance) {
        Samples.Sample s = samples.get(sample);
        s.moved(distance);
        return verdict(s);
    }

    private static Verdict verdict(Samples.Sample s) {
        Status status = s.verdict();
        if (status == null) {
            return Verdict.GO_ON;
        }
        s.end(status);
        return Verdict.END;
    }

    /** Once it is late it is so for every sample; which of them reads the clock differs, so that some do at every step. */
    private boolean isLate(int sample, int step) {
        boolean reads = step == 1 || (step + sample) % STEPS_A_READING == 0;
        if (reads && !late && deadline.passed()) {
            late = true;
        }
        return late;
    }
}
