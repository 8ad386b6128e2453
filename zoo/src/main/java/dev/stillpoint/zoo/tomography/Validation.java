package dev.stillpoint.zoo.tomography;

import dev.stillpoint.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a task says of its model on the validation images. */
final class Validation {
    private Validation() {}

    /** "validationLoss", the mean squared error, which selects; PSNR and SSIM for information. */
    static Map<String, Double> of(Reconstruction model, TomographyData data) {
        float[][] images = model.all(data.validate().data());
        float[][] truth = Tensors.rows(data.validate().images());
        double squares = 0;
        long count = 0;
        for (int i = 0; i < images.length; i++) {
            for (int j = 0; j < images[i].length; j++) {
                double off = (double) images[i][j] - truth[i][j];
                squares += off * off;
                count++;
            }
        }
        Scores scores = Scores.of(images, data.validate(), data.scanner());
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("validationLoss", squares / count);
        metrics.put("validationPsnr", Scores.mean(scores.psnr()));
        metrics.put("validationSsim", Scores.mean(scores.ssim()));
        return metrics;
    }
}
