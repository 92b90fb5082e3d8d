package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.RecordingRoom.EIGHT;
import static org.conurb.talk.RecordingRoom.ENGINE;
import static org.conurb.talk.RecordingRoom.GROUP;
import static org.conurb.talk.RecordingRoom.INCIDENT;
import static org.conurb.talk.RecordingRoom.LADDER;
import static org.conurb.talk.TalkRecorderStoreTest.quiet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.conurb.audit.EvidenceExports;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Denied;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Retained;
import org.conurb.talk.TalkExportController.ExportView;
import org.conurb.talk.TalkExportController.NewExport;
import org.conurb.talk.TalkExportController.NewPart;
import org.conurb.testkit.TestSiteKey;
import org.conurb.verifier.VerifierCommand;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletResponse;

class TalkExportsStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private RecordingRoom room;

    private EvidenceExports exports;
    private TalkExportController controller;
    private final TestSiteKey key = new TestSiteKey();

    @BeforeEach
    void open() {
        room = new RecordingRoom(folder);
        TalkHolds holds = new TalkHolds(room.transactions, room.ids, room.clock);
        exports = new EvidenceExports(
                room.transactions,
                new SpurtEvidence(room.transactions, room.spurts, holds, room.folder, room.access),
                new EvidenceRoom.Seal(key, "alder"),
                new EvidenceExports.Settings(folder.resolve("exports"), Duration.ofDays(7), 10 << 20),
                room.access,
                room.audit,
                room.ids,
                room.clock);
        controller = new TalkExportController(exports, room.spurts, room.access, room.transactions);
    }

    private static NewPart part(Instant from, Instant to) {
        return new NewPart(GROUP, from.toString(), to.toString());
    }

    private UUID asked(NewPart... parts) {
        Answer answer = controller.ask(
                new NewExport(List.of(parts), INCIDENT, "The court asked"),
                room.dispatcher,
                new Change(
                        room.transactions,
                        room.dispatcher,
                        room.access.owners(room.dispatcher),
                        Optional.empty(),
                        new byte[0]));
        assertThat(answer.status()).isEqualTo(202);
        String location = answer.headers().get("Location");
        assertThat(location).startsWith("/api/talk/exports/");
        room.clock.advance(Duration.ofMillis(5));
        return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    }

    private ExportView find(UUID id) {
        return controller.find(id.toString(), room.dispatcher);
    }

    private byte[] fetch(UUID id) throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        controller.fetch(id.toString(), null, room.dispatcher, response);
        return response.getContentAsByteArray();
    }

    private String verified(byte[] zip) throws IOException {
        Path bundle = Files.write(folder.resolve("bundle.zip"), zip);
        Path published =
                Files.writeString(folder.resolve("audit.pub"), key.verifier().text());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int ended = VerifierCommand.run(List.of(bundle.toString(), "--key", published.toString()), print, print);
        return ended + " " + out.toString(UTF_8);
    }

    private static Map<String, byte[]> files(byte[] zip) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static EvidenceManifest manifest(byte[] zip) throws IOException {
        return EvidenceManifest.parse(files(zip).get(EvidenceManifest.FILE));
    }

    /** Two hours with three heard talks and one unheard. */
    private List<Spurt> morning() {
        Spurt one = room.said(ENGINE, GROUP, quiet(30));
        Talk unheard = room.talk(LADDER, false);
        room.recorder.began(unheard);
        room.clock.advance(Duration.ofSeconds(1));
        room.end(unheard);
        Spurt three = room.said(LADDER, GROUP, quiet(30));
        room.clock.set(EIGHT.plus(Duration.ofMinutes(65)));
        Spurt four = room.said(ENGINE, GROUP, quiet(30));
        return List.of(one, room.spurt(unheard.id()), three, four);
    }

    @Test
    void aBundleHoldsWhatWasSaidAndTheVerifierFindsItWhole() throws IOException {
        List<Spurt> said = morning();
        room.book.step();
        UUID id = asked(part(EIGHT, EIGHT.plus(Duration.ofHours(2))));
        assertThat(find(id).state()).isEqualTo("queued");

        assertThat(exports.step()).isTrue();

        assertThat(find(id).detail()).isEmpty();
        assertThat(find(id).state()).isEqualTo("ready");
        byte[] zip = fetch(id);
        assertThat(verified(zip)).startsWith("0 ").contains("VALID", "Joint", "The court asked");
        EvidenceManifest.Part part = manifest(zip).parts().getFirst();
        assertThat(part.source()).isEqualTo(GROUP);
        assertThat(part.files())
                .extracting(EvidenceManifest.Recording::mediaType)
                .containsExactly(
                        "application/x-rtpdump",
                        "audio/ogg",
                        "application/x-rtpdump",
                        "audio/ogg",
                        "application/x-rtpdump",
                        "audio/ogg");
        assertThat(part.chains()).extracting(EvidenceManifest.Chain::closed).containsExactly(true, false);
        assertThat(part.gaps()).extracting(EvidenceManifest.Missing::reason).containsExactly("not-recorded");
        Map<String, byte[]> files = files(zip);
        String first = part.files().getFirst().path();
        assertThat(first).startsWith("01-joint/20260301T080000.000Z-").endsWith(".rtpdump");
        assertThat(files.get(first)).isEqualTo(Files.readAllBytes(room.file(said.getFirst())));
        assertThat(files.get(first.replace(".rtpdump", ".ogg")))
                .isEqualTo(room.ogg(said.getFirst().id()));
        assertThat(room.audit.actions()).contains("talk.export.read", "talk-export.asked", "talk-export.fetched");
    }

    @Test
    void aSpanTakesTheTalksThatTouchItAndStillStandsInTheChain() throws IOException {
        List<Spurt> said = morning();
        Instant third = said.get(2).facts().began();
        UUID id = asked(part(third.plusMillis(100), third.plusMillis(200)));
        exports.step();

        byte[] zip = fetch(id);
        assertThat(verified(zip)).startsWith("0 ");
        EvidenceManifest.Part part = manifest(zip).parts().getFirst();
        assertThat(part.files()).hasSize(2);
        assertThat(part.files().getFirst().pieces().getFirst().sha256())
                .isEqualTo(java.util.HexFormat.of()
                        .formatHex(said.get(2).audio().orElseThrow().sha256()));
    }

    @Test
    void theVerifierNamesWhatWasTamperedWith() throws IOException {
        morning();
        UUID id = asked(part(EIGHT, EIGHT.plus(Duration.ofHours(2))));
        exports.step();
        byte[] zip = fetch(id);
        for (String ending : List.of(".rtpdump", ".ogg")) {
            Map<String, byte[]> files = files(zip);
            String path = files.keySet().stream()
                    .filter(name -> name.endsWith(ending))
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = files.get(path);
            bytes[bytes.length / 2] ^= 1;
            assertThat(verified(zip(files))).startsWith("1 ").contains("file-changed: " + path);
        }
        Map<String, byte[]> fewer = files(zip);
        String gone = fewer.keySet().iterator().next();
        fewer.remove(gone);
        assertThat(verified(zip(fewer))).startsWith("1 ").contains("file-missing: " + gone);
    }

    @Test
    void whatWasChangedOrLostOnDiskIsNotHandedOutAndIsNamed() throws IOException {
        List<Spurt> said = morning();
        Path file = room.file(said.get(2));
        byte[] bytes = Files.readAllBytes(file);
        byte[] changed = Arrays.copyOf(bytes, bytes.length);
        changed[changed.length - 60] ^= 1;
        Files.write(file, changed);
        UUID id = asked(part(EIGHT, EIGHT.plus(Duration.ofHours(2))));
        exports.step();
        assertThat(find(id).state()).isEqualTo("failed");
        assertThat(find(id).detail()).contains(said.get(2).id().toString(), "not what was recorded");

        Files.delete(file);
        UUID again = asked(part(EIGHT, EIGHT.plus(Duration.ofHours(2))));
        exports.step();
        assertThat(find(again).detail()).contains(said.get(2).id().toString(), "missing");
        assertThat(folder.resolve("exports")).isEmptyDirectory();
    }

    @Test
    void aRowThatWasChangedBreaksTheChain() {
        List<Spurt> said = morning();
        room.transactions.doAsSystem(() -> room.transactions
                .jdbc()
                .sql("update talk.spurt set participant = 'sip:somebody-else@alder' where id = :id")
                .param("id", said.getFirst().id())
                .update());
        UUID id = asked(part(EIGHT, EIGHT.plus(Duration.ofHours(2))));
        exports.step();

        assertThat(find(id).state()).isEqualTo("failed");
        assertThat(find(id).detail()).contains("do not lead to the head");
    }

    @Test
    void theOriginalsAreHeldUntilTheBundleIsMade() {
        Spurt spurt = room.said(ENGINE, GROUP, quiet(10));
        UUID id = asked(part(EIGHT, EIGHT.plusSeconds(10)));
        Retained retained = new SpurtRetention(room.transactions, room.entities, room.folder).retained();
        Instant later = EIGHT.plus(Duration.ofDays(400));

        assertThat(room.transactions
                        .asSystem(() -> retained.forget().apply(later))
                        .count())
                .isZero();
        exports.step();
        assertThat(find(id).state()).isEqualTo("ready");
        assertThat(room.transactions
                        .asSystem(() -> retained.forget().apply(later))
                        .count())
                .isEqualTo(1);
        assertThat(room.file(spurt)).doesNotExist();
    }

    @Test
    void withoutAPurposeOrOfOthersNothingIsTakenOut() throws IOException {
        morning();
        UUID id = asked(part(EIGHT, EIGHT.plusSeconds(10)));
        exports.step();
        room.access.withoutPurpose();
        assertThatThrownBy(() -> asked(part(EIGHT, EIGHT.plusSeconds(10)))).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> fetch(id)).isInstanceOf(Denied.class);

        room.access.under(new UUID(0, 3));
        assertThatThrownBy(() -> asked(new NewPart(
                        "urn:nobody", EIGHT.toString(), EIGHT.plusSeconds(1).toString())))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> asked(part(EIGHT, EIGHT))).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> asked(new NewPart(null, null, null))).isInstanceOf(BadRequest.class);
        room.access.readable("police").writable("police", "fire");
        assertThatThrownBy(() -> asked(part(EIGHT, EIGHT.plusSeconds(1)))).isInstanceOf(NotFound.class);
    }
}
