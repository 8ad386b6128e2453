package dev.stillpoint.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of files and of what is packed in them, in hexadecimal. */
final class Digests {
    private Digests() {}

    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of the file as it is. */
    static String ofFile(String algorithm, Path file) {
        MessageDigest digest = of(algorithm);
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new DataException(file, "need a readable file, got " + e, e);
        }
        return hex(digest);
    }

    /** SHA-256 of the unpacked content of a file. */
    static String ofUnpacked(Path file) {
        MessageDigest digest = of("SHA-256");
        try (BinaryInput in = BinaryInput.open(file, "a gzip-compressed file")) {
            byte[] piece = new byte[1 << 16];
            for (int got = in.some(piece); got > 0; got = in.some(piece)) {
                digest.update(piece, 0, got);
            }
        }
        return hex(digest);
    }

    /** SHA-256 of the present file of an archive. */
    static String ofMember(TarInput archive) {
        MessageDigest digest = of("SHA-256");
        archive.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return hex(digest);
    }
}
