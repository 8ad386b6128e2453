package dev.stillpoint.zoo.polytope;

import java.util.Map;

/**
 * Past rows, dealt out.
 *
 * @param training whose decisions are learned
 * @param validation which choose the weights and calibrate the certificates
 * @param test on which the model is reported
 * @param checksums SHA-256 of the files, by what they are
 * @param <Q> what a row asks
 */
record TrainingData<Q>(CostData<Q> training, CostData<Q> validation, CostData<Q> test, Map<String, String> checksums) {}
