package dev.stillpoint.zoo.tomography;

import dev.stillpoint.network.Layer;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Loss;
import dev.stillpoint.train.Task;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A U-Net's mean squared error on filtered back-projections, which are made once. */
public final class UNetTask implements Task, Reconstruction {
    private final Layer net;
    private final TomographyData data;
    private final RampFilter filter;
    private final Tensor inputs;

    /**
     * A task for a network.
     *
     * @param net what is trained
     * @param data on what
     * @param filter of the back-projections
     */
    public UNetTask(Layer net, TomographyData data, RampFilter filter) {
        this.net = net;
        this.data = data;
        this.filter = filter;
        try (TensorScope scope = TensorScope.open()) {
            this.inputs =
                    TensorScope.persist(data.scanner().reconstruct(data.train().data(), filter));
        }
    }

    @Override
    public Learnable model() {
        return net;
    }

    @Override
    public int trainingRows() {
        return data.train().size();
    }

    @Override
    public Loss loss(int[] rows) {
        Tensor chosen = Tensors.of(Arrays.stream(rows).asLongStream().toArray());
        Tensor x = net.forward(images(inputs.index_select(0, chosen), data.scanner()), Mode.TRAIN)
                .flatten(1, -1);
        return new Loss(torch.mse_loss(x, data.train().images().index_select(0, chosen)), new int[0], Map.of());
    }

    @Override
    public Map<String, Double> validate() {
        return Validation.of(this, data);
    }

    @Override
    public Tensor of(Tensor d) {
        return cleaned(net, data.scanner(), filter, d);
    }

    /** The network's images from data. */
    static Tensor cleaned(Layer net, Scanner scanner, RampFilter filter, Tensor d) {
        return net.forward(images(scanner.reconstruct(d, filter), scanner)).flatten(1, -1);
    }

    private static Tensor images(Tensor rows, Scanner scanner) {
        int n = scanner.beam().pixels();
        return rows.reshape(-1, 1, n, n);
    }
}
