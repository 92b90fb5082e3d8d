package org.conurb.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.By;
import org.conurb.kernel.HashChain;

/** Makes the bundle of one export, on the exports' thread. */
final class ExportJob {
    private final EvidenceExport export;
    private final EvidenceRoom room;
    private final EvidenceRoom.Seal seal;
    private final Instant now;
    private final long largest;
    private final IntPredicate progress;

    private long total;
    private long done;
    private int told = -1;

    /** @param progress told per cent, rising; answers whether to go on */
    ExportJob(
            EvidenceExport export,
            EvidenceRoom room,
            EvidenceRoom.Seal seal,
            Instant now,
            long largest,
            IntPredicate progress) {
        this.export = export;
        this.room = room;
        this.seal = seal;
        this.now = now;
        this.largest = largest;
        this.progress = progress;
    }

    record Made(long bytes, String sha256) {}

    /** Somebody ended the export, or the program stops. */
    static final class Ended extends IOException {
        Ended() {
            super("Ended");
        }
    }

    /** Is on disk when it is closed. */
    private static final class Forced extends java.io.FilterOutputStream {
        private final FileChannel file;

        Forced(FileChannel file) {
            super(Channels.newOutputStream(file));
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (file.isOpen()) {
                file.force(true);
            }
            super.close();
        }
    }

    /** The bundle is there as a whole or not at all. */
    Made run(Path target) throws IOException {
        List<EvidenceRoom.Material> material = new ArrayList<>();
        for (EvidenceExport.Part part : export.parts()) {
            material.add(room.open(part));
        }
        total = material.stream().mapToLong(EvidenceRoom.Material::bytes).sum();
        if (total > largest) {
            throw new IOException("It would have %d bytes, more than the %d of one bundle. Ask for shorter spans."
                    .formatted(total, largest));
        }
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.createDirectories(target.toAbsolutePath().getParent());
        if (Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace() < total + (256L << 20)) {
            throw new IOException("The disk has no room for the %d bytes of this bundle".formatted(total));
        }
        try {
            MessageDigest digest = HashChain.sha256();
            try (FileChannel file = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                write(material, new DigestOutputStream(new Forced(file), digest));
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Made(Files.size(target), HexFormat.of().formatHex(digest.digest()));
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void write(List<EvidenceRoom.Material> material, OutputStream out) throws IOException {
        try (EvidenceBundle bundle = new EvidenceBundle(out)) {
            List<EvidenceManifest.Part> parts = new ArrayList<>();
            for (int i = 0; i < material.size(); i++) {
                String folder =
                        "%02d-%s".formatted(i + 1, slug(export.parts().get(i).name()));
                parts.add(material.get(i).write(bundle, folder, this::progressed));
            }
            EvidenceManifest manifest = new EvidenceManifest(
                    EvidenceManifest.FORM,
                    seal.site(),
                    export.id(),
                    now,
                    new By(export.subject(), export.subjectName(), export.organisation()),
                    export.caseId(),
                    export.reason(),
                    export.grant(),
                    parts);
            byte[] json = manifest.toBytes();
            bundle.seal(
                    json,
                    seal.key().sign(EvidenceManifest.noteText(export.id(), json)),
                    seal.key().verifier().text());
        }
    }

    private void progressed(long bytes) throws IOException {
        done += bytes;
        int percent = (int) (99 * done / Math.max(1, total));
        if (percent > told) {
            told = percent;
            if (Thread.currentThread().isInterrupted() || !progress.test(percent)) {
                throw new Ended();
            }
        }
    }

    /** What of a name can stand in a file's name anywhere. */
    static String slug(String name) {
        String plain = java.text.Normalizer.normalize(name, java.text.Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return plain.isEmpty() ? "part" : plain.substring(0, Math.min(40, plain.length()));
    }
}
