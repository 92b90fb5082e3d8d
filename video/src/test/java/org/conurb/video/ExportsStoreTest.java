package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.HashChain;
import org.conurb.store.Answer;
import org.conurb.verifier.VerifierCommand;
import org.conurb.video.ExportController.ExportView;
import org.conurb.video.ExportController.NewExport;
import org.conurb.video.ExportController.NewPart;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletResponse;

class ExportsStoreTest {
    private static final String CASE = "urn:ngsi-ld:Incident:0199a2b4-0000-7000-8000-000000000001";

    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera market;
    private Camera bridge;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        market = doors.camera("Märkt, 1");
        bridge = doors.camera("Bridge");
        doors.record(market, EIGHT, 3);
        doors.record(market, EIGHT.plusSeconds(6), 2);
        doors.gap(market, EIGHT.plusSeconds(10), EIGHT.plusSeconds(20), GapReason.SILENT);
        doors.record(market, EIGHT.plusSeconds(20), 4);
        doors.record(market, EIGHT.plusSeconds(28), 2, new byte[] {9, 9});
        doors.record(bridge, EIGHT.plus(Duration.ofHours(1)).minusSeconds(4), 2);
        doors.record(bridge, EIGHT.plus(Duration.ofHours(1)), 3);
        doors.audit.clear();
    }

    @Test
    void aBundleOfSeveralCamerasAndSpansIsValidAndHoldsWhatWasRecorded() throws IOException {
        UUID id = asked(
                part(market, EIGHT.plusSeconds(3), EIGHT.plusSeconds(30)),
                part(bridge, EIGHT, EIGHT.plus(Duration.ofHours(2))));
        assertThat(find(id).state()).isEqualTo("queued");
        assertThat(holds()).isEqualTo(2);

        assertThat(doors.exports.step()).isTrue();

        ExportView ready = find(id);
        assertThat(ready.state()).isEqualTo("ready");
        assertThat(ready.percent()).isEqualTo(100);
        assertThat(holds()).isZero();
        byte[] zip = fetch(id).getContentAsByteArray();
        assertThat(zip).hasSize((int) ready.bytes());
        assertThat(java.util.HexFormat.of().formatHex(HashChain.sha256().digest(zip)))
                .isEqualTo(ready.sha256());
        assertThat(verified(zip)).startsWith("0 ").contains("VALID", "Märkt, 1", "The fire brigade asked");

        EvidenceManifest manifest = manifest(zip);
        assertThat(manifest.caseId()).isEqualTo(CASE);
        assertThat(manifest.grant()).isEqualTo(Doors.grant());
        assertThat(manifest.by().subject()).isEqualTo(doors.dispatcher.subject());
        assertThat(manifest.parts().getFirst().files())
                .extracting(EvidenceManifest.Recording::path)
                .containsExactly(
                        "01-markt-1/20260301T080002.000Z.mp4",
                        "01-markt-1/20260301T080020.000Z.mp4",
                        "01-markt-1/20260301T080028.000Z.mp4");
        assertThat(manifest.parts().getFirst().gaps())
                .containsExactly(new EvidenceManifest.Missing(EIGHT.plusSeconds(10), EIGHT.plusSeconds(20), "silent"));
        assertThat(manifest.parts().get(1).chains()).hasSize(2);
        assertThat(manifest.parts().get(1).files())
                .singleElement()
                .satisfies(file -> assertThat(file.pieces()).hasSize(5));
    }

    @Test
    void everyAskingAndFetchingIsWrittenToTheAuditLog() throws IOException {
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)), part(bridge, EIGHT, EIGHT.plusSeconds(10)));
        doors.exports.step();
        fetch(id);

        assertThat(doors.audit.actions())
                .containsExactly(
                        "camera.export.read", "camera.export.read", "video-export.asked", "video-export.fetched");
        assertThat(doors.audit.entries()).allMatch(entry -> entry.grant().isPresent());
        assertThat(doors.audit.entries().get(2).personal()).containsEntry("reason", "The fire brigade asked");
    }

    @Test
    void withoutAPurposeNothingIsTakenOutAndNothingFetched() throws IOException {
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));
        doors.exports.step();
        doors.access.withoutPurpose();

        assertThatThrownBy(() -> asked(part(market, EIGHT, EIGHT.plusSeconds(10))))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> fetch(id)).isInstanceOf(Denied.class);
        assertThat(holds()).isZero();
    }

    @Test
    void footageThatWasChangedOnDiskIsNotHandedOutAsEvidence() throws IOException {
        Path file = doors.recordings.file(market.organisation(), market.id(), EIGHT);
        byte[] bytes = Files.readAllBytes(file);
        bytes[150] ^= 1;
        Files.write(file, bytes);
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));

        doors.exports.step();

        assertThat(find(id).state()).isEqualTo("failed");
        assertThat(find(id).detail()).contains("not what was recorded");
        assertThat(holds()).isZero();
        assertThatThrownBy(() -> fetch(id)).isInstanceOf(Conflict.class);
        assertThat(folder.resolve("exports")).isEmptyDirectory();
    }

    @Test
    void anHourWhoseHeadIsNotTheOneRecordedIsNotHandedOut() throws IOException {
        doors.transactions.doAsSystem(() -> new RecordingHours(doors.transactions.jdbc())
                .put(
                        new RecordedHour(
                                market.id(), market.organisation(), EIGHT, 1, 1, 1, 1, List.of(), new byte[32]),
                        EIGHT));
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));

        doors.exports.step();

        assertThat(find(id).detail()).contains("do not lead to the head");
    }

    @Test
    void anExportThatIsEndedStopsReleasesItsHoldsAndLeavesNothing() throws IOException {
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));
        doors.exportController.remove(id.toString(), doors.dispatcher, doors.change(doors.dispatcher));

        assertThat(doors.exports.step()).isFalse();
        assertThat(find(id).state()).isEqualTo("failed");
        assertThat(holds()).isZero();
    }

    @Test
    void aBundleIsKeptForItsTime() throws IOException {
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));
        doors.exports.step();
        doors.clock.advance(Duration.ofDays(8));
        doors.exports.step();

        assertThat(find(id).state()).isEqualTo("expired");
        assertThat(folder.resolve("exports")).isEmptyDirectory();
    }

    @Test
    void whatWasRunningWhenTheProgramEndedIsMadeAnew() throws IOException {
        UUID id = asked(part(market, EIGHT, EIGHT.plusSeconds(10)));
        doors.transactions.doAsSystem(() -> doors.transactions
                .jdbc()
                .sql("update video.export set state = 'running', percent = 40")
                .update());

        doors.exports.step();

        assertThat(find(id).state()).isEqualTo("ready");
        assertThat(verified(fetch(id).getContentAsByteArray())).startsWith("0 ");
    }

    @Test
    void spansWithNothingRecordedMakeABundleThatSaysSo() throws IOException {
        UUID id = asked(part(bridge, EIGHT, EIGHT.plusSeconds(10)));
        doors.exports.step();

        byte[] zip = fetch(id).getContentAsByteArray();
        assertThat(verified(zip)).startsWith("0 ");
        assertThat(manifest(zip).parts().getFirst().files()).isEmpty();
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> asked()).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> asked(part(market, EIGHT, EIGHT))).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> asked(part(market, EIGHT, EIGHT.plus(Duration.ofDays(2)))))
                .isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> asked(new NewPart(market.urn(), null, null))).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> doors.exportController.ask(
                        new NewExport(List.of(part(market, EIGHT, EIGHT.plusSeconds(1))), CASE, " "),
                        doors.dispatcher,
                        doors.change(doors.dispatcher)))
                .isInstanceOf(BadRequest.class);
        assertThat(holds()).isZero();
    }

    private static NewPart part(Camera camera, Instant from, Instant to) {
        return new NewPart(camera.urn(), from.toString(), to.toString());
    }

    private UUID asked(NewPart... parts) {
        Answer answer = doors.exportController.ask(
                new NewExport(List.of(parts), CASE, "The fire brigade asked"),
                doors.dispatcher,
                doors.change(doors.dispatcher));
        assertThat(answer.status()).isEqualTo(202);
        String location = answer.headers().get("Location");
        doors.clock.advance(Duration.ofMillis(5));
        return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    }

    private ExportView find(UUID id) {
        return doors.exportController.find(id.toString(), doors.dispatcher);
    }

    private MockHttpServletResponse fetch(UUID id) throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        doors.exportController.fetch(id.toString(), null, doors.dispatcher, response);
        return response;
    }

    private int holds() {
        return doors.transactions.asSystem(() -> doors.transactions
                .jdbc()
                .sql("select count(*) from video.hold where released_at is null")
                .query(Integer.class)
                .single());
    }

    private String verified(byte[] zip) throws IOException {
        Path bundle = Files.write(folder.resolve("bundle.zip"), zip);
        Path published = Files.writeString(
                folder.resolve("audit.pub"), doors.key.verifier().text());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int ended = VerifierCommand.run(List.of(bundle.toString(), "--key", published.toString()), print, print);
        return ended + " " + out.toString(UTF_8);
    }

    private static EvidenceManifest manifest(byte[] zip) throws IOException {
        try (java.util.zip.ZipInputStream in =
                new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream(zip))) {
            for (java.util.zip.ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals(EvidenceManifest.FILE)) {
                    return EvidenceManifest.parse(in.readAllBytes());
                }
            }
        }
        throw new AssertionError("no manifest");
    }
}
