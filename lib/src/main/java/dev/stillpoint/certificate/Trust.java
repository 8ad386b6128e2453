package dev.stillpoint.certificate;

import java.util.List;

/** Which certificates an inference must pass to be used. */
public enum Trust {
    /** None: labels are for information. */
    NONE,
    /** Those of hard limits. */
    HARD,
    /** All: no property may fail. A warning is not a failure. */
    ALL;

    /** Whether an inference with these certificates may be used. */
    public boolean accepts(List<Certificate> certificates) {
        for (Certificate c : certificates) {
            if (c.label() == Label.FAIL && (this == ALL || (this == HARD && c.hard()))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes a failed certificate an exception.
     *
     * @param certificates of one inference
     * @throws CertificateException if this trust does not accept them
     */
    public void require(List<Certificate> certificates) {
        if (!accepts(certificates)) {
            throw new CertificateException(this, certificates);
        }
    }
}
