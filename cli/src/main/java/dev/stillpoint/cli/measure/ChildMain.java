package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.tensor.Engine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What runs in a {@link ChildJvm}: one job, given as JSON, answered by JSON lines of which the last is the result. */
public final class ChildMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChildMain() {}

    /** Does the job. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        ObjectNode last = JSON.createObjectNode();
        try {
            last.set("result", work((ObjectNode) JSON.readTree(args[0]), out::println));
        } catch (IOException | RuntimeException e) {
            last.put("failure", e.getMessage() == null ? e.getClass().getSimpleName() : Engine.firstLine(e));
            e.printStackTrace();
        }
        out.println(last);
        // Native threads do not keep a finished job alive.
        System.exit(last.has("result") ? 0 : 1);
    }

    private static ObjectNode work(ObjectNode job, Consumer<ObjectNode> progress) throws IOException {
        String kind = job.path("job").asText();
        return switch (kind) {
            case TrainingJob.KIND -> TrainingJob.of(job).measure(progress);
            case DepthJob.KIND -> DepthJob.of(job).measure();
            case EpochJob.KIND -> EpochJob.of(job).measure();
            case LatencyJob.KIND -> LatencyJob.of(job).measure();
            default ->
                throw new IllegalArgumentException("job: need train, depth, epoch or latency, got '" + kind + "'");
        };
    }
}
