package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import org.conurb.kernel.HashChain;

/**
 * The hash chain of one group's hour: its spurts in the order in which they were sealed, those without voice too. It starts
 * with SHA-256 of {@code conurb.talk.hour.1}, the group's id and the hour (8 bytes of epoch seconds). Each spurt leads on:
 * SHA-256 of the link before, the spurt's header and the SHA-256 of its file (32 zeros where there is none).
 */
final class SpurtChain {
    private static final byte[] FORM = "conurb.talk.hour.1".getBytes(UTF_8);
    private static final byte[] NOTHING = new byte[HashChain.LENGTH];
    private static final int HEADER = 60;

    private SpurtChain() {}

    static byte[] start(String group, Instant hour) {
        MessageDigest digest = HashChain.sha256();
        digest.update(FORM);
        digest.update(group.getBytes(UTF_8));
        digest.update(ByteBuffer.allocate(8).putLong(hour.getEpochSecond()).flip());
        return digest.digest();
    }

    /** 60 bytes: id, beginning in microseconds, length in milliseconds, SHA-256 of the talker's MCPTT ID. */
    static byte[] header(Spurt spurt) {
        SpurtFacts facts = spurt.facts();
        return ByteBuffer.allocate(HEADER)
                .putLong(facts.spurt().getMostSignificantBits())
                .putLong(facts.spurt().getLeastSignificantBits())
                .putLong(RtpDump.nanos(facts.began()) / 1_000)
                .putInt((int) Math.min(Integer.MAX_VALUE, spurt.length().toMillis()))
                .put(facts.participantDigest())
                .array();
    }

    static byte[] hash(Spurt spurt) {
        return spurt.audio().map(Spurt.Audio::sha256).orElse(NOTHING);
    }

    static byte[] next(byte[] link, Spurt spurt) {
        return HashChain.next(link, header(spurt), hash(spurt));
    }
}
