package org.conurb.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The public half of a log's key (C2SP signed-note, Ed25519), written {@code <name>+<id in hex>+<base64 of 0x01 and the
 * key>}: what an auditor keeps outside the city's machine.
 */
public final class VerifierKey {
    private static final byte ED25519 = 1;
    private static final int MAX_NOTE = 65_536;
    /** Everything of an Ed25519 SubjectPublicKeyInfo (RFC 8410 §4) that comes before the key's 32 bytes. */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] typed; // the type byte and the key
    private final PublicKey key;

    private VerifierKey(String name, byte[] typed) {
        this.name = name;
        this.typed = typed;
        byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + 32);
        System.arraycopy(typed, 1, encoded, SPKI_PREFIX.length, 32);
        try {
            this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Not an Ed25519 key: " + name, e);
        }
    }

    public static VerifierKey of(String name, PublicKey key) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == '+' || c <= ' ' || Character.isSpaceChar(c))) {
            throw new IllegalArgumentException("A log's name has neither spaces nor +: " + name);
        }
        byte[] encoded = key.getEncoded();
        byte[] typed = new byte[33];
        typed[0] = ED25519;
        System.arraycopy(encoded, encoded.length - 32, typed, 1, 32);
        return new VerifierKey(name, typed);
    }

    /** @throws IllegalArgumentException for anything that is not such a key */
    public static VerifierKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3 || parts[0].isEmpty()) {
            throw new IllegalArgumentException("Not a verifier key: it has the form <name>+<id>+<key>.");
        }
        byte[] typed = Base64.getDecoder().decode(parts[2]);
        if (typed.length != 33 || typed[0] != ED25519) {
            throw new IllegalArgumentException("Not an Ed25519 verifier key: " + parts[0]);
        }
        VerifierKey key = new VerifierKey(parts[0], typed);
        if (!key.text().equals(text.strip())) {
            throw new IllegalArgumentException("This verifier key's id does not fit its key: " + parts[0]);
        }
        return key;
    }

    public String name() {
        return name;
    }

    public String text() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    /** The four bytes that a signature of this key begins with. */
    public byte[] id() {
        MessageDigest digest = HashChain.sha256();
        digest.update(name.getBytes(UTF_8));
        digest.update((byte) '\n');
        return Arrays.copyOf(digest.digest(typed), 4);
    }

    /** @return the note's text, if this key signed it */
    public Optional<String> open(String note) {
        int end = note.lastIndexOf("\n\n");
        if (note.length() > MAX_NOTE || end < 0 || !note.endsWith("\n")) {
            return Optional.empty();
        }
        String text = note.substring(0, end + 1);
        String prefix = "\u2014 " + name + " ";
        return note.substring(end + 2)
                        .lines()
                        .filter(line -> line.startsWith(prefix))
                        .anyMatch(line -> signs(line.substring(prefix.length()), text))
                ? Optional.of(text)
                : Optional.empty();
    }

    private boolean signs(String base64, String text) {
        try {
            byte[] signature = Base64.getDecoder().decode(base64);
            if (signature.length != 4 + 64 || !Arrays.equals(Arrays.copyOf(signature, 4), id())) {
                return false;
            }
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text.getBytes(UTF_8));
            return check.verify(signature, 4, 64);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }
}
