package org.conurb.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.HashChain;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.VerifierKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
    private static final Instant HOUR = Instant.parse("2026-03-01T08:00:00Z");
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    private Path folder;

    private final KeyPair pair = pair();
    private final VerifierKey key = VerifierKey.of("alder.conurb/audit", pair.getPublic());
    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<byte[]> pieces = new ArrayList<>();

    @BeforeEach
    void bundle() {
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            byte[] piece = new byte[1000 + i];
            random.nextBytes(piece);
            pieces.add(piece);
        }
        byte[] head = "head".getBytes(UTF_8);
        byte[] video = join(head, pieces.get(1), pieces.get(2), pieces.get(3));
        files.put("cameras/a.mp4", video);
        seal(manifest(video, head.length, List.of(1, 2, 3)));
    }

    @Test
    void aWholeBundleIsValid() throws IOException {
        assertThat(faults()).isEmpty();
    }

    @Test
    void aChangedByteNamesTheFile() throws IOException {
        files.get("cameras/a.mp4")[1500] ^= 1;

        assertThat(faults()).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.FILE_CHANGED);
            assertThat(fault.where()).isEqualTo("cameras/a.mp4");
            assertThat(fault.detail()).contains("Piece 1");
        });
    }

    @Test
    void aChangedHeadNamesTheFile() throws IOException {
        files.get("cameras/a.mp4")[0] ^= 1;

        assertThat(kinds()).containsExactly(Fault.Kind.FILE_CHANGED);
    }

    @Test
    void bytesAddedOrCutNameTheFile() throws IOException {
        byte[] video = files.get("cameras/a.mp4");
        files.put("cameras/a.mp4", join(video, new byte[1]));
        assertThat(kinds()).containsExactly(Fault.Kind.FILE_CHANGED);

        files.put("cameras/a.mp4", Arrays.copyOf(video, video.length - 1));
        assertThat(kinds()).containsExactly(Fault.Kind.FILE_CHANGED);
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        files.remove("cameras/a.mp4");

        assertThat(faults())
                .extracting(Fault::kind, Fault::where)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Fault.Kind.FILE_MISSING, "cameras/a.mp4"));
    }

    @Test
    void anExtraFileIsNamed() throws IOException {
        files.put("cameras/b.mp4", new byte[10]);

        assertThat(faults())
                .extracting(Fault::kind, Fault::where)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Fault.Kind.FILE_EXTRA, "cameras/b.mp4"));
    }

    @Test
    void aChangedManifestIsNoLongerSigned() throws IOException {
        String json = new String(files.get(EvidenceManifest.FILE), UTF_8);
        files.put(
                EvidenceManifest.FILE,
                json.replace("Investigation", "Curiosity").getBytes(UTF_8));

        assertThat(kinds()).containsExactly(Fault.Kind.SIGNATURE_WRONG);
    }

    @Test
    void anotherKeysSignatureIsRefusedByTheCitysKey() throws IOException {
        VerifierKey published = VerifierKey.of("alder.conurb/audit", pair().getPublic());

        try (Bundle bundle = Bundle.at(zip())) {
            assertThat(Verification.of(bundle, Optional.of(published)).faults())
                    .extracting(Fault::kind)
                    .containsExactly(Fault.Kind.SIGNATURE_WRONG);
        }
    }

    @Test
    void aSignatureOfAnotherBundleDoesNotPass() throws IOException {
        files.put(EvidenceManifest.SIGNATURE, sign(EvidenceManifest.noteText(new UUID(0, 9), new byte[3])));

        assertThat(kinds()).containsExactly(Fault.Kind.SIGNATURE_WRONG);
    }

    @Test
    void whoSignsALeftOutPieceIsFoundByTheChain() throws IOException {
        byte[] head = "head".getBytes(UTF_8);
        byte[] video = join(head, pieces.get(1), pieces.get(3));
        files.put("cameras/a.mp4", video);
        seal(manifest(video, head.length, List.of(1, 3)));

        assertThat(kinds()).containsExactly(Fault.Kind.CHAIN_WRONG);
    }

    @Test
    void aHeadThatDoesNotFollowBreaksTheChain() throws IOException {
        EvidenceManifest whole = EvidenceManifest.parse(files.get(EvidenceManifest.FILE));
        EvidenceManifest.Part part = whole.parts().getFirst();
        EvidenceManifest.Chain chain = part.chains().getFirst();
        EvidenceManifest.Chain forged =
                new EvidenceManifest.Chain(chain.hour(), "0".repeat(64), chain.links(), chain.head(), chain.closed());
        seal(with(
                whole,
                new EvidenceManifest.Part(
                        part.source(),
                        part.name(),
                        part.owner(),
                        part.from(),
                        part.to(),
                        part.files(),
                        part.gaps(),
                        List.of(forged))));

        assertThat(kinds()).containsExactly(Fault.Kind.CHAIN_WRONG);
    }

    @Test
    void anUnpackedFolderIsCheckedAlike() throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve("unpacked").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Path published = Files.writeString(folder.resolve("audit.pub"), key.text() + "\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int ended = VerifierCommand.run(
                List.of(folder.resolve("unpacked").toString(), "--key", published.toString()),
                new PrintStream(out, true, UTF_8),
                System.err);

        assertThat(ended).isZero();
        assertThat(out.toString(UTF_8))
                .contains("VALID", "Investigation", "Fountain square")
                .doesNotContain("--key");
    }

    @Test
    void rubbishIsNotABundle() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            files.put(EvidenceManifest.FILE, bytes);
            assertThat(kinds()).contains(Fault.Kind.UNREADABLE);
        }
        Path rubbish = Files.write(folder.resolve("rubbish.zip"), new byte[5000]);
        assertThat(VerifierCommand.run(
                        List.of(rubbish.toString()),
                        new PrintStream(new ByteArrayOutputStream()),
                        new PrintStream(new ByteArrayOutputStream())))
                .isEqualTo(2);
    }

    @Test
    void aManifestCannotNameAPlaceOutsideTheBundle() {
        String json = new String(files.get(EvidenceManifest.FILE), UTF_8).replace("cameras/a.mp4", "../a.mp4");

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> EvidenceManifest.parse(json.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private EvidenceManifest manifest(byte[] video, int head, List<Integer> exported) {
        byte[] before = HashChain.next(new byte[32], new byte[] {0}, sha256(pieces.get(0)));
        byte[] link = before;
        List<EvidenceManifest.Link> rest = new ArrayList<>();
        for (int i = 1; i < pieces.size(); i++) {
            rest.add(new EvidenceManifest.Link("0%d".formatted(i), HEX.formatHex(sha256(pieces.get(i)))));
            link = HashChain.next(link, new byte[] {(byte) i}, sha256(pieces.get(i)));
        }
        EvidenceManifest.Recording file = new EvidenceManifest.Recording(
                "cameras/a.mp4",
                "video/mp4",
                video.length,
                HEX.formatHex(sha256(video)),
                HOUR,
                HOUR.plusSeconds(6),
                head,
                exported.stream()
                        .map(i ->
                                new EvidenceManifest.Piece(pieces.get(i).length, HEX.formatHex(sha256(pieces.get(i)))))
                        .toList());
        return new EvidenceManifest(
                EvidenceManifest.FORM,
                "alder",
                new UUID(0, 5),
                HOUR.plusSeconds(100),
                new EvidenceManifest.By("person:1", "A. Commander", new OrganisationId("police")),
                "urn:ngsi-ld:Incident:1",
                "Investigation",
                new UUID(0, 6),
                List.of(new EvidenceManifest.Part(
                        "urn:ngsi-ld:Camera:1",
                        "Fountain square",
                        new OrganisationId("police"),
                        HOUR,
                        HOUR.plusSeconds(6),
                        List.of(file),
                        List.of(),
                        List.of(new EvidenceManifest.Chain(
                                HOUR, HEX.formatHex(before), rest, HEX.formatHex(link), true)))));
    }

    private static EvidenceManifest with(EvidenceManifest whole, EvidenceManifest.Part part) {
        return new EvidenceManifest(
                whole.form(),
                whole.site(),
                whole.export(),
                whole.madeAt(),
                whole.by(),
                whole.caseId(),
                whole.reason(),
                whole.grant(),
                List.of(part));
    }

    private void seal(EvidenceManifest manifest) {
        byte[] json = manifest.toBytes();
        files.put(EvidenceManifest.FILE, json);
        files.put(EvidenceManifest.KEY, (key.text() + "\n").getBytes(UTF_8));
        files.put(EvidenceManifest.SIGNATURE, sign(EvidenceManifest.noteText(manifest.export(), json)));
    }

    private byte[] sign(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(pair.getPrivate());
            signer.update(text.getBytes(UTF_8));
            String line = Base64.getEncoder().encodeToString(join(key.id(), signer.sign()));
            return "%s\n\u2014 %s %s\n".formatted(text, key.name(), line).getBytes(UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Fault.Kind> kinds() throws IOException {
        return faults().stream().map(Fault::kind).toList();
    }

    private List<Fault> faults() throws IOException {
        try (Bundle bundle = Bundle.at(zip())) {
            return Verification.of(bundle, Optional.empty()).faults();
        }
    }

    private Path zip() throws IOException {
        Path zip = folder.resolve("bundle.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return zip;
    }

    private static byte[] sha256(byte[] bytes) {
        return HashChain.sha256().digest(bytes);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
