package dev.stillpoint.zoo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Finished runs beside each other and beside what needs no training.
 *
 * @param json everything
 * @param pictures files by name
 * @param tables for people
 */
public record SideBySide(ObjectNode json, Map<String, byte[]> pictures, List<Table> tables) {
    /**
     * A table.
     *
     * @param title above it
     * @param columns their titles
     * @param rows a cell a column
     */
    public record Table(String title, List<String> columns, List<List<String>> rows) {}
}
