package org.conurb.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import org.conurb.kernel.VerifierKey;

/** The audit key on disk: both halves as PEM, readable by its owner alone, made once. */
final class KeyFile {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private KeyFile() {}

    /** Reads the key; makes one where there is none. */
    static KeyPair open(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The audit key " + file + " cannot be read or made", e);
        }
    }

    /**
     * Writes the verifier key beside the key, as {@code audit.pub} beside {@code audit.key}: what {@code ./conurb admin
     * verify-audit} takes where the auditor names none.
     */
    static void publish(Path file, VerifierKey key) {
        Path target = publicHalf(file);
        try {
            Files.writeString(target, key.text() + "\n", US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("The verifier key " + target + " cannot be written", e);
        }
    }

    static Path publicHalf(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling((name.endsWith(".key") ? name.substring(0, name.length() - 4) : name) + ".pub");
    }

    private static KeyPair read(Path file) throws IOException {
        String text = Files.readString(file, US_ASCII);
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(block("PUBLIC KEY", text))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(block("PRIVATE KEY", text))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "%s holds no Ed25519 key pair. Restore it from a back-up; without it a new key starts, and auditors must be told."
                            .formatted(file),
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        KeyPair pair = LogKey.generate();
        String text = pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                + pem("PUBLIC KEY", pair.getPublic().getEncoded());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, ATOMIC_MOVE);
    }

    private static String pem(String label, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(label, LINES.encodeToString(encoded));
    }

    private static byte[] block(String label, String text) {
        String begin = "-----BEGIN " + label + "-----\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("No " + label);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }
}
