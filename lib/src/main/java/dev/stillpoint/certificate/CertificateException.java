package dev.stillpoint.certificate;

import java.util.List;

/** An inference failed a certificate that its user requires. */
public final class CertificateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CertificateException(Trust required, List<Certificate> certificates) {
        super(describe(required, certificates));
    }

    private static String describe(Trust required, List<Certificate> certificates) {
        StringBuilder text = new StringBuilder("the inference fails");
        String separator = " ";
        for (Certificate c : certificates) {
            if (c.label() == Label.FAIL && (required == Trust.ALL || c.hard())) {
                text.append(separator)
                        .append('\'')
                        .append(c.name())
                        .append("' with value ")
                        .append(c.value());
                separator = ", ";
            }
        }
        return text.append("; required: ").append(required).toString();
    }
}
