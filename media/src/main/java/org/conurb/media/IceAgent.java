package org.conurb.media;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our side of ICE for one session: lite (RFC 8445 §2.5), always controlled, it answers checks and follows the peer's
 * choice. A restart (§9) gives new credentials, while the old ones hold until a check with the new ones came.
 * Confined to its worker.
 */
final class IceAgent {
    /** Consent (RFC 7675 §5.1), seen from the side that is asked: without a check in this time the peer is gone. */
    static final long CONSENT_NANOS = 30_000_000_000L;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int CHECKS_PER_SECOND = 100;
    private static final int BURST = 200;

    /** @param fragment 8 characters, names the session; @param password 24, or 144 bits */
    record Credentials(String fragment, String password) {
        static Credentials random(SecureRandom random) {
            return new Credentials(letters(random, 8), letters(random, 24));
        }

        private static String letters(SecureRandom random, int count) {
            StringBuilder text = new StringBuilder(count);
            for (int i = 0; i < count; i++) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            return text.toString();
        }
    }

    /** One generation of credentials: ours, and the name the peer calls itself. */
    private record Generation(Credentials local, String remoteFragment, HmacSha1 key) {
        static Generation of(Credentials local, String remoteFragment) {
            byte[] password = local.password().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            return new Generation(local, remoteFragment, new HmacSha1(password));
        }

        boolean named(String username) {
            return username.equals(local.fragment() + ':' + remoteFragment);
        }
    }

    /** What became of a check. */
    enum Check {
        IGNORED,
        /** The writer holds an error for the peer; nothing else changed. */
        REFUSED,
        /** The writer holds the answer, the address may be used. */
        VALID,
        /** The same, and the peer chose this address. */
        CHOSEN
    }

    private Generation current;
    private @Nullable Generation next;
    private long consentedAt;
    private long tokens = BURST;
    private long refilledAt;

    IceAgent(Credentials local, String remoteFragment, long nowNanos) {
        this.current = Generation.of(local, remoteFragment);
        this.consentedAt = nowNanos;
        this.refilledAt = nowNanos;
    }

    /** @return the local fragment of an unfinished restart that this one replaces */
    @Nullable
    String restart(Credentials local, String remoteFragment) {
        String replaced = next == null ? null : next.local().fragment();
        next = Generation.of(local, remoteFragment);
        return replaced;
    }

    boolean hasConsent(long nowNanos) {
        return nowNanos - consentedAt < CONSENT_NANOS;
    }

    /** @return the local fragment that a finished restart made void */
    @Nullable
    String retiredBy(StunMessage request) {
        Generation coming = next;
        if (coming == null || !coming.named(request.username())) {
            return null;
        }
        String retired = current.local().fragment();
        current = coming;
        next = null;
        return retired;
    }

    Check check(StunMessage request, PeerAddress from, long nowNanos, StunWriter writer) {
        String username = request.username();
        Generation generation = next != null && next.named(username) ? next : current;
        if (request.type() != StunMessage.BINDING_REQUEST
                || !request.hasFingerprint()
                || !generation.named(username)
                || !mayAsk(nowNanos)
                || !request.isFrom(generation.key())) {
            return Check.IGNORED;
        }
        if (request.unknownAttribute() != 0) {
            byte[] type = {(byte) (request.unknownAttribute() >>> 8), (byte) request.unknownAttribute()};
            writer.answer(request, StunMessage.BINDING_ERROR)
                    .error(420, "Unknown Attribute")
                    .attribute(StunMessage.UNKNOWN_ATTRIBUTES, type)
                    .integrity(generation.key())
                    .fingerprint();
            return Check.REFUSED;
        }
        if (request.peerIsControlled() || !request.hasPriority()) {
            boolean conflict = request.peerIsControlled();
            writer.answer(request, StunMessage.BINDING_ERROR)
                    .error(conflict ? 487 : 400, conflict ? "Role Conflict" : "Bad Request")
                    .integrity(generation.key())
                    .fingerprint();
            return Check.REFUSED;
        }
        consentedAt = nowNanos;
        writer.answer(request, StunMessage.BINDING_SUCCESS)
                .mapped(from.host(), from.port)
                .integrity(generation.key())
                .fingerprint();
        return request.useCandidate() ? Check.CHOSEN : Check.VALID;
    }

    /** Bounds what a flood with a stolen name can make us compute. */
    private boolean mayAsk(long nowNanos) {
        long more = (nowNanos - refilledAt) * CHECKS_PER_SECOND / 1_000_000_000L;
        if (more > 0) {
            tokens = Math.min(BURST, tokens + more);
            refilledAt = nowNanos;
        }
        return tokens > 0 && tokens-- > 0;
    }
}
