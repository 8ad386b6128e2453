package dev.stillpoint.zoo.problem;

import java.util.List;

/** Names in a message. */
final class NameList {
    private static final int MOST = 8;

    private NameList() {}

    /** The first names, and how many more. */
    static String some(List<String> names, String between) {
        if (names.size() <= MOST) {
            return String.join(between, names);
        }
        return String.join(between, names.subList(0, MOST)) + between + "... (" + (names.size() - MOST) + " more)";
    }
}
