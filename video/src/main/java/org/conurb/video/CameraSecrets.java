package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;

/**
 * Seals addresses and logins of cameras with AES-256-GCM (NIST SP 800-38D) under {@code keys/cameras.key} of the data
 * folder, bound to the camera's id: a row copied to another camera does not open. A sealed text is a byte for the form
 * (1), 12 bytes nonce, cipher text and tag. Safe for many threads.
 */
final class CameraSecrets {
    private static final byte FORM = 1;
    private static final int KEY = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final RandomGenerator random;

    /** As sealed: JSON of this form. */
    private record Plain(
            @Nullable String main,
            @Nullable String sub,
            @Nullable String name,
            @Nullable String password,
            @Nullable String certificate) {}

    CameraSecrets(byte[] key, RandomGenerator random) {
        if (key.length != KEY) {
            throw new IllegalArgumentException("A key has %d bytes, not %d".formatted(KEY, key.length));
        }
        this.key = new SecretKeySpec(key, "AES");
        this.random = random;
    }

    /** Reads the key; makes one where there is none. */
    static CameraSecrets open(Path file, RandomGenerator random) {
        try {
            if (!Files.exists(file)) {
                create(file, random);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY) {
                throw new IllegalStateException(
                        "%s holds no key. Restore it from a back-up, or remove it and enter each camera's source again."
                                .formatted(file));
            }
            return new CameraSecrets(key, random);
        } catch (IOException e) {
            throw new UncheckedIOException("The cameras' key %s cannot be read or made".formatted(file), e);
        }
    }

    private static void create(Path file, RandomGenerator random) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] key = new byte[KEY];
        random.nextBytes(key);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(fresh, file, ATOMIC_MOVE);
    }

    byte[] seal(CameraId camera, CameraAddress address) {
        Plain plain = new Plain(
                address.main().map(URI::toString).orElse(null),
                address.sub().map(URI::toString).orElse(null),
                address.login().map(CameraLogin::name).orElse(null),
                address.login().map(CameraLogin::password).orElse(null),
                address.certificate().map(CertificatePin::hex).orElse(null));
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, camera, nonce)
                    .doFinal(Json.mapper().writeValueAsBytes(plain));
            return ByteBuffer.allocate(1 + NONCE + sealed.length)
                    .put(FORM)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has AES-GCM", e);
        }
    }

    /** @throws IllegalStateException where it was sealed with another key, for another camera, or changed */
    CameraAddress open(CameraId camera, byte[] sealed) {
        if (sealed.length < 1 + NONCE + TAG_BITS / 8 || sealed[0] != FORM) {
            throw new IllegalStateException("The sealed address of camera %s is not ours".formatted(camera));
        }
        ByteBuffer all = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        byte[] nonce = new byte[NONCE];
        all.get(nonce);
        byte[] rest = new byte[all.remaining()];
        all.get(rest);
        try {
            Plain plain = Json.mapper()
                    .readValue(cipher(Cipher.DECRYPT_MODE, camera, nonce).doFinal(rest), Plain.class);
            return new CameraAddress(
                    Optional.ofNullable(plain.main()).map(URI::create),
                    Optional.ofNullable(plain.sub()).map(URI::create),
                    Optional.ofNullable(plain.name())
                            .map(name -> new CameraLogin(name, plain.password() == null ? "" : plain.password())),
                    Optional.ofNullable(plain.certificate()).map(CertificatePin::new));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The address of camera %s does not open with this data folder's key".formatted(camera), e);
        }
    }

    private Cipher cipher(int mode, CameraId camera, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(camera.toString().getBytes(UTF_8));
        return cipher;
    }
}
