package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void namesStandLeftAndNumbersRight() {
        List<String> lines = new TextTable(List.of("name", "mean\nvalue", "MB"))
                .row(List.of("a", "1.5\u00a0%", "10"))
                .row(List.of("longer", "12.25 %", ""))
                .lines();
        assertThat(lines)
                .containsExactly(
                        "           mean", //
                        "name      value  MB",
                        "a         1.5 %  10",
                        "longer  12.25 %");
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTable(List.of("a", "b")).row(List.of("1")))
                .withMessage("TextTable: need 2 cells, got 1");
    }
}
