package org.conurb.video;

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
import java.util.Optional;
import java.util.function.IntPredicate;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.By;
import org.conurb.kernel.EvidenceManifest.Missing;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.SiteKey;

/** Makes the bundle of one export, on the exports' thread. */
final class ExportJob {
    private final Export export;
    private final Recordings recordings;
    private final SiteKey key;
    private final String site;
    private final Instant now;
    private final long largest;
    private final IntPredicate progress;

    private long total;
    private long done;
    private int told = -1;

    /** @param progress told per cent, rising; answers whether to go on */
    ExportJob(
            Export export,
            Recordings recordings,
            SiteKey key,
            String site,
            Instant now,
            long largest,
            IntPredicate progress) {
        this.export = export;
        this.recordings = recordings;
        this.key = key;
        this.site = site;
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

    private record Material(Export.Part part, List<EvidenceHour> hours) {}

    /** The bundle is there as a whole or not at all. */
    Made run(Path target) throws IOException {
        List<Material> material = new ArrayList<>();
        for (Export.Part part : export.parts()) {
            material.add(new Material(part, recordings.evidence(owner(part), camera(part), part.from(), part.to())));
        }
        total = material.stream().mapToLong(ExportJob::bytes).sum();
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

    private void write(List<Material> material, OutputStream out) throws IOException {
        try (BundleWriter bundle = new BundleWriter(out)) {
            List<EvidenceManifest.Part> parts = new ArrayList<>();
            for (int i = 0; i < material.size(); i++) {
                parts.add(part(bundle, i + 1, material.get(i)));
            }
            EvidenceManifest manifest = new EvidenceManifest(
                    EvidenceManifest.FORM,
                    site,
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
                    key.sign(EvidenceManifest.noteText(export.id(), json)),
                    key.verifier().text());
        }
    }

    private EvidenceManifest.Part part(BundleWriter bundle, int number, Material material) throws IOException {
        Export.Part part = material.part();
        String folder = "%02d-%s".formatted(number, slug(part.name()));
        List<Recording> files = new ArrayList<>();
        List<EvidenceManifest.Chain> chains = new ArrayList<>();
        for (EvidenceHour hour : material.hours()) {
            List<EvidenceHour.Line> lines = hour.fragments(part.from(), part.to());
            for (EvidenceHour.Line line : lines) {
                files.addAll(bundle.add(folder, hour, line));
                progressed(line.record().length());
            }
            if (!lines.isEmpty()) {
                Optional<byte[]> head = recordings.closedHead(camera(part), hour.hour());
                chains.add(hour.chainFrom(lines.getFirst(), head));
            }
        }
        files.addAll(bundle.end());
        List<Missing> gaps = recordings.gaps(owner(part), camera(part), part.from(), part.to()).stream()
                .map(gap -> new Missing(gap.from(), gap.to(), TimelineView.reason(gap.reason())))
                .toList();
        return new EvidenceManifest.Part(
                camera(part).urn(), part.name(), owner(part), part.from(), part.to(), files, gaps, chains);
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

    private static long bytes(Material material) {
        return material.hours().stream()
                .flatMap(hour ->
                        hour.fragments(material.part().from(), material.part().to()).stream())
                .mapToLong(line -> line.record().length())
                .sum();
    }

    private static CameraId camera(Export.Part part) {
        return new CameraId(part.camera());
    }

    private static OrganisationId owner(Export.Part part) {
        return new OrganisationId(part.owner());
    }

    /** What of a name can stand in a file's name anywhere. */
    static String slug(String name) {
        String plain = java.text.Normalizer.normalize(name, java.text.Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return plain.isEmpty() ? "camera" : plain.substring(0, Math.min(40, plain.length()));
    }
}
