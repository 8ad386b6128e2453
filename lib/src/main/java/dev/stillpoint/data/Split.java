package dev.stillpoint.data;

import java.util.Arrays;

/**
 * Rows for training, validation and testing, drawn once from numpy's permutation or taken in order: the first rows train, the
 * next validate, the last test. Rows between validation and test stay unused where the counts leave some.
 */
public final class Split {
    private final int[] train;
    private final int[] validate;
    private final int[] test;

    private Split(int[] train, int[] validate, int[] test) {
        this.train = train;
        this.validate = validate;
        this.test = test;
    }

    /**
     * Splits the rows 0 to rows−1 by {@code RandomState(seed).permutation(rows)}.
     *
     * @param rows how many rows there are
     * @param train how many rows train, at least 0
     * @param validate how many rows validate, at least 0
     * @param test how many rows test, at least 0
     * @param seed 0 to 2³²−1
     * @return the split
     * @throws IllegalArgumentException where the counts do not fit into the rows
     */
    public static Split of(int rows, int train, int validate, int test, long seed) {
        check(rows, train, validate, test);
        return of(new RandomState(seed).permutation(rows), train, validate, test);
    }

    /**
     * Splits the rows as they come: of rows in the order of time, the last test.
     *
     * @param rows how many rows there are
     * @param train how many rows train, at least 0
     * @param validate how many rows validate, at least 0
     * @param test how many rows test, at least 0
     * @return the split
     * @throws IllegalArgumentException where the counts do not fit into the rows
     */
    public static Split inOrder(int rows, int train, int validate, int test) {
        check(rows, train, validate, test);
        int[] order = new int[rows];
        Arrays.setAll(order, i -> i);
        return of(order, train, validate, test);
    }

    private static void check(int rows, int train, int validate, int test) {
        if (train < 0 || validate < 0 || test < 0 || (long) train + validate + test > rows) {
            throw new IllegalArgumentException("Split: need counts >= 0 of at most " + rows + " rows in all, got "
                    + train + " + " + validate + " + " + test);
        }
    }

    private static Split of(int[] order, int train, int validate, int test) {
        int rows = order.length;
        return new Split(
                Arrays.copyOf(order, train),
                Arrays.copyOfRange(order, train, train + validate),
                Arrays.copyOfRange(order, rows - test, rows));
    }

    /**
     * The rows to train on.
     *
     * @return a copy
     */
    public int[] train() {
        return train.clone();
    }

    /**
     * The rows to choose a model by.
     *
     * @return a copy
     */
    public int[] validate() {
        return validate.clone();
    }

    /**
     * The rows to report on.
     *
     * @return a copy
     */
    public int[] test() {
        return test.clone();
    }

    /**
     * The named rows of a table, in the order given; the rows themselves are shared, not copied.
     *
     * @param table any table [rows, columns]
     * @param rows which rows, each at least 0 and below the table's length
     * @return the rows [rows.length, columns]
     * @throws IllegalArgumentException for a row outside the table
     */
    public static float[][] select(float[][] table, int[] rows) {
        float[][] selected = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0 || rows[i] >= table.length) {
                throw new IllegalArgumentException("select: need rows 0 to " + (table.length - 1) + ", got " + rows[i]);
            }
            selected[i] = table[rows[i]];
        }
        return selected;
    }
}
