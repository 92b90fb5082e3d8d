package org.conurb.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.Chain;
import org.conurb.kernel.EvidenceManifest.Part;
import org.conurb.kernel.EvidenceManifest.Piece;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;
import org.conurb.kernel.VerifierKey;

/** Checks one bundle: signature, every file whole and in its pieces, nothing missing, nothing extra, chains unbroken. */
final class Verification {
    private static final int MOST_MANIFEST = 64 << 20;
    private static final int MOST_SMALL = 64 << 10;

    private final Bundle bundle;
    private final List<Fault> faults = new ArrayList<>();

    private Verification(Bundle bundle) {
        this.bundle = bundle;
    }

    /**
     * @param manifest empty where it could not be read
     * @param key that signed, as the bundle names it
     * @param trusted whether the key came from outside the bundle
     * @param faults empty for a bundle that is whole
     */
    record Verdict(Optional<EvidenceManifest> manifest, String key, boolean trusted, List<Fault> faults) {
        boolean valid() {
            return faults.isEmpty();
        }
    }

    /** @param key published by the city; without one, the key in the bundle is taken, which proves less */
    static Verdict of(Bundle bundle, Optional<VerifierKey> key) throws IOException {
        return new Verification(bundle).run(key);
    }

    private Verdict run(Optional<VerifierKey> given) throws IOException {
        EvidenceManifest manifest;
        String name = "";
        try {
            byte[] json = read(EvidenceManifest.FILE, MOST_MANIFEST);
            manifest = EvidenceManifest.parse(json);
            name = signature(manifest, json, given);
        } catch (NoSuchElementException | IllegalArgumentException e) {
            fault(Fault.Kind.UNREADABLE, EvidenceManifest.FILE, String.valueOf(e.getMessage()));
            return new Verdict(Optional.empty(), name, given.isPresent(), List.copyOf(faults));
        }
        names(manifest);
        for (Part part : manifest.parts()) {
            for (Recording file : part.files()) {
                file(file);
            }
            chains(part);
        }
        return new Verdict(Optional.of(manifest), name, given.isPresent(), List.copyOf(faults));
    }

    private String signature(EvidenceManifest manifest, byte[] json, Optional<VerifierKey> given) throws IOException {
        try {
            VerifierKey key = given.isPresent()
                    ? given.get()
                    : VerifierKey.parse(new String(read(EvidenceManifest.KEY, MOST_SMALL), UTF_8));
            String note = new String(read(EvidenceManifest.SIGNATURE, MOST_SMALL), UTF_8);
            boolean signed = key.open(note)
                    .filter(EvidenceManifest.noteText(manifest.export(), json)::equals)
                    .isPresent();
            if (!signed) {
                fault(
                        Fault.Kind.SIGNATURE_WRONG,
                        EvidenceManifest.SIGNATURE,
                        "%s did not sign this manifest.".formatted(key.name()));
            }
            return key.text();
        } catch (NoSuchElementException | IllegalArgumentException e) {
            fault(
                    Fault.Kind.SIGNATURE_WRONG,
                    EvidenceManifest.SIGNATURE,
                    "It cannot be checked: %s.".formatted(e.getMessage()));
            return "";
        }
    }

    private void names(EvidenceManifest manifest) {
        Set<String> known =
                new HashSet<>(Set.of(EvidenceManifest.FILE, EvidenceManifest.SIGNATURE, EvidenceManifest.KEY));
        for (Part part : manifest.parts()) {
            for (Recording file : part.files()) {
                if (!known.add(file.path())) {
                    fault(Fault.Kind.CHAIN_WRONG, file.path(), "The manifest names it twice.");
                }
            }
        }
        for (String path : bundle.paths()) {
            if (!known.contains(path)) {
                fault(Fault.Kind.FILE_EXTRA, path, "The manifest does not name it.");
            }
        }
        for (String path : bundle.doubled()) {
            fault(Fault.Kind.FILE_EXTRA, path, "It is there more than once.");
        }
    }

    private void file(Recording file) throws IOException {
        try (InputStream in = bundle.open(file.path())) {
            Whole whole = new Whole(in);
            whole.take(file.headBytes());
            for (int i = 0; i < file.pieces().size(); i++) {
                Piece piece = file.pieces().get(i);
                if (!whole.take(piece.bytes()).equals(piece.sha256())) {
                    fault(
                            Fault.Kind.FILE_CHANGED,
                            file.path(),
                            "Piece %d, at byte %d, is not as recorded.".formatted(i, whole.read - piece.bytes()));
                    return;
                }
            }
            if (whole.more() || whole.read != file.bytes()) {
                fault(Fault.Kind.FILE_CHANGED, file.path(), "It has not the %d bytes it had.".formatted(file.bytes()));
            } else if (!whole.sha256().equals(file.sha256())) {
                fault(Fault.Kind.FILE_CHANGED, file.path(), "Its SHA-256 is %s.".formatted(whole.sha256()));
            }
        } catch (NoSuchElementException e) {
            fault(Fault.Kind.FILE_MISSING, file.path(), "It is not in the bundle.");
        } catch (java.util.zip.ZipException e) {
            fault(Fault.Kind.FILE_CHANGED, file.path(), "It cannot be unpacked: %s.".formatted(e.getMessage()));
        }
    }

    /** The exported pieces stand in the chains in the order of time, with nothing left out between the first and the last. */
    private void chains(Part part) {
        List<String> recorded = new ArrayList<>();
        for (Chain chain : part.chains()) {
            if (!chain.holds()) {
                fault(
                        Fault.Kind.CHAIN_WRONG,
                        part.source(),
                        "The chain of %s does not end in its head.".formatted(chain.hour()));
            }
            chain.links().stream()
                    .filter(EvidenceManifest.Link::tellsOfAPiece)
                    .map(EvidenceManifest.Link::sha256)
                    .forEach(recorded::add);
        }
        List<String> exported = part.files().stream()
                .flatMap(file -> file.pieces().stream())
                .map(Piece::sha256)
                .toList();
        if (exported.isEmpty()) {
            return;
        }
        boolean inOrder = recorded.size() >= exported.size()
                && recorded.subList(0, exported.size()).equals(exported);
        if (!inOrder) {
            fault(Fault.Kind.CHAIN_WRONG, part.source(), "What is exported is not what its chains say was recorded.");
        }
    }

    private byte[] read(String path, int most) throws IOException {
        try (InputStream in = bundle.open(path)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IllegalArgumentException("%s is larger than any such file".formatted(path));
            }
            return bytes;
        } catch (NoSuchElementException e) {
            throw new NoSuchElementException("there is no %s".formatted(path), e);
        }
    }

    private void fault(Fault.Kind kind, String where, String detail) {
        faults.add(new Fault(kind, where, detail));
    }

    /** Reads a file once, for its own hash and for those of its pieces. */
    private static final class Whole {
        private final InputStream in;
        private final MessageDigest all = HashChain.sha256();
        private final byte[] buffer = new byte[64 << 10];
        private long read;

        Whole(InputStream in) {
            this.in = in;
        }

        /** SHA-256 of the next bytes; of fewer where the file ends. */
        String take(long bytes) throws IOException {
            MessageDigest piece = HashChain.sha256();
            long left = bytes;
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    break;
                }
                all.update(buffer, 0, n);
                piece.update(buffer, 0, n);
                left -= n;
                read += n;
            }
            return HexFormat.of().formatHex(piece.digest());
        }

        boolean more() throws IOException {
            return in.read() >= 0;
        }

        String sha256() {
            return HexFormat.of().formatHex(all.digest());
        }
    }
}
