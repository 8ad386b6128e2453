package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class LearnableTest {
    private static final Learnable CONSTANT = new Learnable() {};

    /** One parameter and one buffer. */
    private record Leaf(Tensor weight, Tensor running) implements Learnable {
        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.buffer("running", running);
            visitor.parameter("weight", weight);
        }
    }

    /** A parameter between two parts. */
    private record Tree(Learnable left, Tensor middle, Learnable right) implements Learnable {
        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.part("left", left);
            visitor.parameter("middle", middle);
            visitor.part("right", right);
        }
    }

    @Test
    void namesAreDottedPathsInTheOrderOfVisits() {
        try (TensorScope scope = TensorScope.open()) {
            Leaf a = new Leaf(Tensors.scalar(1), Tensors.scalar(2));
            Leaf b = new Leaf(Tensors.scalar(3), Tensors.scalar(4));
            Tree tree = new Tree(a, Tensors.scalar(5), new Tree(CONSTANT, Tensors.scalar(6), b));
            assertThat(tree.parameters().keySet())
                    .containsExactly("left.weight", "middle", "right.middle", "right.right.weight");
            assertThat(tree.state().keySet())
                    .containsExactly(
                            "left.running",
                            "left.weight",
                            "middle",
                            "right.middle",
                            "right.right.running",
                            "right.right.weight");
            assertThat(tree.parameters().get("right.right.weight")).isSameAs(b.weight());
            assertThat(tree.state().get("left.running")).isSameAs(a.running());
        }
    }

    @Test
    void constantsHaveNoState() {
        assertThat(CONSTANT.parameters()).isEmpty();
        assertThat(CONSTANT.state()).isEmpty();
    }

    @Test
    void oneNameTwiceIsRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor t = Tensors.scalar(1);
            Learnable twice = new Learnable() {
                @Override
                public void visit(ParameterVisitor visitor) {
                    visitor.parameter("weight", t);
                    visitor.buffer("weight", t);
                }
            };
            Tree tree = new Tree(CONSTANT, t, twice);
            assertThat(tree.parameters()).hasSize(2);
            assertThatThrownBy(tree::state)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Learnable: need distinct names, got 'right.weight' twice");
        }
    }
}
