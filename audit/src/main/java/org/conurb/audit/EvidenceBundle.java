package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.Piece;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;

/**
 * A bundle that is being written: files one after another, each hashed as it is written, at the end the manifest, signed
 * ({@link EvidenceManifest}). Owned by one thread.
 */
public final class EvidenceBundle implements AutoCloseable {
    private final ZipOutputStream zip;

    EvidenceBundle(OutputStream out) {
        zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16));
        zip.setLevel(Deflater.NO_COMPRESSION);
    }

    /** A file of the bundle; ended before the next begins. */
    public final class File {
        private final String path;
        private final String mediaType;
        private final Instant from;
        private final MessageDigest digest = HashChain.sha256();
        private final List<Piece> pieces = new ArrayList<>();
        private long bytes;
        private long head;

        private File(String path, String mediaType, Instant from) {
            this.path = path;
            this.mediaType = mediaType;
            this.from = from;
        }

        /** What comes before the first piece, or, in a file that was made from others, all of it. */
        public void head(byte[] bytes, int length) throws IOException {
            if (!pieces.isEmpty()) {
                throw new IllegalStateException("A head after pieces in " + path);
            }
            write(bytes, length);
            head += length;
        }

        /** Bytes as they were recorded. @param sha256 of them, as it was then */
        public void piece(byte[] bytes, int length, byte[] sha256) throws IOException {
            write(bytes, length);
            pieces.add(new Piece(length, HexFormat.of().formatHex(sha256)));
        }

        private void write(byte[] from, int length) throws IOException {
            zip.write(from, 0, length);
            digest.update(from, 0, length);
            bytes += length;
        }

        /** Ends it. */
        public Recording end(Instant to) throws IOException {
            zip.closeEntry();
            return new Recording(
                    path, mediaType, bytes, HexFormat.of().formatHex(digest.digest()), from, to, head, pieces);
        }
    }

    /** @param path in the bundle, as {@code 01-market/20260301T080000.000Z.mp4} */
    public File begin(String path, String mediaType, Instant from) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        return new File(path, mediaType, from);
    }

    /** The last of a bundle. */
    void seal(byte[] manifest, String signature, String key) throws IOException {
        entry(EvidenceManifest.FILE, manifest);
        entry(EvidenceManifest.SIGNATURE, signature.getBytes(UTF_8));
        entry(EvidenceManifest.KEY, (key + "\n").getBytes(UTF_8));
        zip.finish();
        zip.flush();
    }

    private void entry(String path, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        zip.write(bytes);
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
