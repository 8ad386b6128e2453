package dev.stillpoint.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in columns: the first to the left, the others, which are numbers, to the right. */
public final class TextTable {
    private final List<List<String>> header = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table.
     *
     * @param titles one a column; a line break in one makes a header of several lines
     */
    public TextTable(List<String> titles) {
        int lines = titles.stream()
                .mapToInt(title -> (int) title.lines().count())
                .max()
                .orElse(1);
        for (int i = 0; i < lines; i++) {
            List<String> line = new ArrayList<>();
            for (String title : titles) {
                List<String> parts = title.lines().toList();
                // Short titles stand on the last line, above their numbers.
                int part = i - (lines - parts.size());
                line.add(part < 0 ? "" : parts.get(part));
            }
            header.add(line);
        }
    }

    /** Adds a row, of as many cells as there are titles. */
    public TextTable row(List<String> cells) {
        if (cells.size() != header.get(0).size()) {
            throw new IllegalArgumentException(
                    "TextTable: need " + header.get(0).size() + " cells, got " + cells.size());
        }
        rows.add(cells.stream().map(cell -> cell.replace('\u00a0', ' ')).toList());
        return this;
    }

    /** The lines, without spaces at their ends. */
    public List<String> lines() {
        List<List<String>> all = new ArrayList<>(header);
        all.addAll(rows);
        int[] width = new int[header.get(0).size()];
        for (List<String> cells : all) {
            for (int i = 0; i < width.length; i++) {
                width[i] = Math.max(width[i], cells.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> cells : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < width.length; i++) {
                String space = " ".repeat(width[i] - cells.get(i).length());
                line.append(i == 0 ? cells.get(i) + space : "  " + space + cells.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
