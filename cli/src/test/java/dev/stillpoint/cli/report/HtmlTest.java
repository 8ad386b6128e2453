package dev.stillpoint.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void escapesTextAndAttributes() {
        String html = new Html()
                .open("p", "title", "\"><b>'&")
                .text("a < b & \"c\"\u0000")
                .close()
                .document();
        assertThat(html)
                .endsWith("<p title=\"&quot;&gt;&lt;b&gt;&#39;&amp;\">a &lt; b &amp; &quot;c&quot;\uFFFD</p>\n");
    }

    @Test
    void wantsEveryElementClosed() {
        Html html = new Html().open("main").open("p");
        assertThatThrownBy(html::document)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("p");
        assertThat(html.close().close().document()).contains("</p>\n</main>");
    }

    @Test
    void keepsStyleSheetsInTheirElement() {
        Html html = new Html();
        assertThatThrownBy(() -> html.style("</style><script>")).isInstanceOf(IllegalArgumentException.class);
    }
}
