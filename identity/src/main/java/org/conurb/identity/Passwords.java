package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.BadRequest;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Hashes passwords with bcrypt, few at a time: hashing is slow on purpose, and a flood of sign-ins must leave the
 * processor to those who are in.
 */
final class Passwords {
    private static final int SHORTEST = 10;
    private static final int LONGEST_BYTES = 72; // bcrypt reads no further

    private final BCryptPasswordEncoder encoder;
    private final String nobodys;
    private final Semaphore places =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    Passwords(int cost, SecureRandom random) {
        encoder = new BCryptPasswordEncoder(BCryptPasswordEncoder.BCryptVersion.$2B, cost, random);
        // Compared with when there is no such person, so that the answer takes as long: no password has this hash.
        nobodys = "$2b$%02d$%s".formatted(cost, "abcdefghijklmnopqrstuu" + "1234567890123456789012345678901");
    }

    /** @throws BadRequest for a password that is too short, too long, or the user's name */
    String hash(String username, String password) {
        if (password.codePointCount(0, password.length()) < SHORTEST
                || password.getBytes(UTF_8).length > LONGEST_BYTES) {
            throw new BadRequest(
                    "password-length",
                    "A password has at least %d characters and at most %d bytes.".formatted(SHORTEST, LONGEST_BYTES),
                    "Use a sentence, or what a password manager makes.");
        }
        if (password.toLowerCase(Locale.ROOT).contains(username.toLowerCase(Locale.ROOT))) {
            throw new BadRequest(
                    "password-name",
                    "The password holds the user name.",
                    "Use a sentence that has nothing to do with it.");
        }
        return encoder.encode(password);
    }

    /**
     * Takes as long for nobody as for somebody.
     *
     * @param hash of the person; empty where there is no such person or no password
     * @throws Failures.Throttled where too many are being hashed
     */
    boolean matches(String password, Optional<String> hash) {
        boolean entered = false;
        try {
            entered = places.tryAcquire(3, TimeUnit.SECONDS);
            if (!entered) {
                throw new Failures.Throttled(Duration.ofSeconds(3));
            }
            // Spring's encoder refuses nothing when matching: what lies past 72 bytes is cut here and there alike.
            return encoder.matches(password, hash.orElse(nobodys)) && hash.isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failures.Throttled(Duration.ofSeconds(1));
        } finally {
            if (entered) {
                places.release();
            }
        }
    }
}
