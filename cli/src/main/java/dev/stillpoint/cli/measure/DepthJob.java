package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.tensor.Engine;
import java.util.OptionalLong;

/**
 * The memory of training steps at one depth.
 *
 * @param adjoint how the fixed point is differentiated
 * @param depth applications of T in the solve
 * @param network that is trained
 * @param batch rows a step
 */
record DepthJob(DepthAdjoint adjoint, int depth, DepthNetwork network, int batch) {
    static final String KIND = "depth";

    /** A step that left something behind would show in the peak of the next. */
    private static final int STEPS = 3;

    private static final int SHALLOW = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    static DepthJob of(ObjectNode job) {
        return new DepthJob(
                DepthAdjoint.parse(job.path("adjoint").asText()),
                job.path("depth").asInt(),
                DepthNetwork.of(job),
                job.path("batch").asInt());
    }

    ObjectNode toJson() {
        ObjectNode job = JSON.createObjectNode()
                .put("job", KIND)
                .put("adjoint", adjoint.text())
                .put("depth", depth)
                .put("batch", batch);
        network.put(job);
        return job;
    }

    /** {peakBytes}: the peak of resident bytes during the steps above those before them; null where the system does not tell. */
    ObjectNode measure() {
        // One thread: the others' buffers would count, and there is nothing to time.
        Engine.threads(1);
        DepthNetwork.Step step = network.step(batch);
        for (int done = 0; done < network.warmUp(); done += SHALLOW) {
            step.run(adjoint.at(SHALLOW), SHALLOW);
        }
        ResidentMemory.forgetPeak();
        OptionalLong before = ResidentMemory.now();
        for (int i = 0; i < STEPS; i++) {
            step.run(adjoint.at(depth), depth);
        }
        OptionalLong peak = ResidentMemory.peak();
        ObjectNode result = JSON.createObjectNode();
        TrainedRun.put(
                result,
                "peakBytes",
                before.isPresent() && peak.isPresent()
                        ? OptionalLong.of(Math.max(0, peak.getAsLong() - before.getAsLong()))
                        : OptionalLong.empty());
        return result;
    }
}
