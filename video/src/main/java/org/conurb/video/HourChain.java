package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * The hash chain of one camera's hour. It starts with SHA-256 of {@code conurb.video.hour.1}, the camera's UUID and the
 * hour (8 bytes of epoch seconds); each index record leads on: SHA-256 of the link before, the record's first 28 bytes and
 * the SHA-256 of its fragment's bytes (32 zeros for a gap). Whoever has files, index and the head from the audit log can
 * tell whether any byte, any time or any gap was changed.
 */
final class HourChain {
    static final int HASH = 32;

    private final MessageDigest digest = sha256();
    private final ByteBuffer record = ByteBuffer.allocate(IndexRecord.BYTES);
    private byte[] link;
    private int length;

    HourChain(CameraId camera, Instant hour) {
        digest.update("conurb.video.hour.1".getBytes(UTF_8));
        digest.update(ByteBuffer.allocate(24)
                .putLong(camera.value().getMostSignificantBits())
                .putLong(camera.value().getLeastSignificantBits())
                .putLong(hour.getEpochSecond())
                .flip());
        link = digest.digest();
    }

    /** @param fragmentHash 32 bytes */
    void add(IndexRecord entry, ByteBuffer fragmentHash) {
        record.clear();
        entry.write(record);
        digest.update(link);
        digest.update(record.flip().limit(IndexRecord.BYTES - 4));
        digest.update(fragmentHash);
        link = digest.digest();
        length++;
    }

    byte[] head() {
        return link.clone();
    }

    int length() {
        return length;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
