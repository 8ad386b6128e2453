package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Provenance;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this installation is and whether it is well. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Show versions, native libraries, threads, device, folders and memory, and probe for stalls.")
final class DoctorCommand implements Callable<Integer> {
    /** libtorch's and the BLAS's threads spinning against each other cost a factor of 100; on a busy machine it is some 10. */
    private static final double STALL = 30;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    DoctorCommand() {}

    @Override
    public Integer call() {
        common.check();
        Map<String, String> facts = new LinkedHashMap<>();
        Provenance here = Provenance.capture();
        int cores = Runtime.getRuntime().availableProcessors();
        facts.put("stillpoint", here.version() + " (" + here.commit() + ")");
        facts.put("java", here.java());
        facts.put("system", here.system() + ", " + cores + " cores");
        facts.put("libtorch", here.libtorch());
        facts.put("blas", blas());
        facts.put("cpu capability", line("CPU capability usage:"));
        facts.put(
                "kernels",
                LaneChoice.current().lanes().name() + ", "
                        + LaneChoice.current().lanes().width() + " lanes ("
                        + LaneChoice.current().reason() + ")");
        facts.put("device", Engine.cuda() ? "cpu (CUDA present, not used by this version)" : "cpu");
        facts.put("threads at start", Integer.toString(Engine.threads()));
        facts.put("OMP_WAIT_POLICY", String.valueOf(System.getenv("OMP_WAIT_POLICY")));
        facts.put("data folder", data());
        facts.put(
                "native cache",
                System.getProperty(
                        "org.bytedeco.javacpp.cachedir", System.getProperty("user.home") + "/.javacpp/cache"));
        facts.put(
                "memory limit",
                "heap " + megabytes(Runtime.getRuntime().maxMemory()) + ", native and heap "
                        + megabytes(Engine.residentLimit()) + ", resident now " + megabytes(Engine.residentBytes()));
        double all = probe(Math.max(1, common.threads > 0 ? common.threads : cores));
        double one = probe(1);
        facts.put(
                "dense step, 256 x 180",
                String.format(
                        Locale.ROOT,
                        "%.2f ms with %d threads, %.2f ms with one",
                        all,
                        common.threads > 0 ? common.threads : cores,
                        one));
        boolean stalls = all > STALL * one;
        facts.put(
                "verdict",
                stalls
                        ? "native threads stall: set OMP_WAIT_POLICY=PASSIVE before Java starts, or use --threads 1"
                        : "all is well");
        if (common.json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            facts.forEach(node::put);
            spec.commandLine().getOut().println(node);
        } else {
            facts.forEach((name, value) -> spec.commandLine().getOut().printf(Locale.ROOT, "%-22s %s%n", name, value));
        }
        spec.commandLine().getOut().flush();
        return stalls ? Main.FAILED : Main.DONE;
    }

    /** Median milliseconds of one dense splitting step: a product and some elementwise operations. */
    private static double probe(int threads) {
        Engine.threads(threads);
        double[] times = new double[30];
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            Tensor projector = Tensors.of(new float[180 * 180], 180, 180);
            Tensor z = Tensors.of(new float[256 * 180], 256, 180);
            Tensor offset = Tensors.of(new float[180], 180);
            for (int i = 0; i < times.length; i++) {
                try (TensorScope step = TensorScope.open()) {
                    long start = System.nanoTime();
                    Tensor x = z.relu();
                    Tensor y = torch.addmm(offset, x.add(x).sub(z), projector);
                    z.sub(x).add(y);
                    times[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static String blas() {
        return Engine.build().contains("USE_MKL=ON") || Engine.build().contains("Intel(R) oneAPI") ? "MKL" : "OpenBLAS";
    }

    private static String line(String prefix) {
        return Engine.build()
                .lines()
                .map(text -> text.replaceFirst("^[ -]*", ""))
                .filter(text -> text.startsWith(prefix))
                .map(text -> text.substring(prefix.length()).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String data() {
        DataFolder folder = DataFolder.ofUser();
        return folder.path() + " (" + folder.chosenBy()
                + (Files.isDirectory(folder.path()) ? ")" : "; does not exist)");
    }

    private static String megabytes(long bytes) {
        return bytes / (1 << 20) + " MB";
    }
}
