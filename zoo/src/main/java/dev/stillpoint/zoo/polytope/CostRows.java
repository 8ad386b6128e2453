package dev.stillpoint.zoo.polytope;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Rows as tensors, decisions in units of the model. */
final class CostRows implements CostTask.Part<Question> {
    private final int variables;
    private final Question inputs;
    private final Tensor decisions;

    private <Q> CostRows(CostModel<Q> model, CostData<Q> data) {
        this.variables = model.posing().problem().matrix().columns();
        try (TensorScope scope = TensorScope.open()) {
            Question question = CostNetwork.question(
                    model.posing(), model.unit(), model.columns().learned(), data.features(), data.queries());
            this.inputs = new Question(
                    TensorScope.persist(question.features().contiguous()),
                    TensorScope.persist(question.rightHandSide()),
                    TensorScope.persist(question.lower()),
                    TensorScope.persist(question.upper()));
            float[][] scaled = new float[data.size()][];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = CostData.floats(CostNetwork.over(CostData.doubles(data.decisions()[i]), model.unit()));
            }
            this.decisions = TensorScope.persist(Tensors.of(scaled));
        }
    }

    /** The task of learning some rows with a network. */
    static <Q> CostTask<Question, Instance> task(
            CostModel<Q> model,
            ImplicitNetwork<Question, Instance> network,
            CostData<Q> training,
            CostData<Q> validation) {
        return new CostTask<>(
                network,
                new CostRows(model, training),
                new CostRows(model, validation),
                inference -> judge(model, inference, validation));
    }

    /** The regret of the validation rows, where it is known and quickly computed. */
    private static <Q> Map<String, Double> judge(
            CostModel<Q> model, Inference<Instance> inference, CostData<Q> validation) {
        if (validation.truth().isEmpty() || !model.posing().quickOracle()) {
            return Map.of();
        }
        float[][] costs = Tensors.rows(inference.context().costs());
        Map<String, Double> metrics = new LinkedHashMap<>();
        CostExperiment.put(
                metrics,
                "validationRegret",
                "validationUndecided",
                validation.regretOf(model.posing().problem(), costs));
        return metrics;
    }

    @Override
    public int size() {
        return Math.toIntExact(decisions.size(0));
    }

    @Override
    public int variables() {
        return variables;
    }

    @Override
    public Question inputs() {
        return inputs;
    }

    @Override
    public Question inputs(Tensor rows) {
        return inputs.select(rows);
    }

    @Override
    public Tensor decisions() {
        return decisions;
    }

    @Override
    public Tensor decisions(Tensor rows) {
        return decisions.index_select(0, rows);
    }
}
