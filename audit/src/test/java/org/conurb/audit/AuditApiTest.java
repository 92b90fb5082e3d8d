package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.VerifierKey;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;

/** The controller as its callers meet it, but for the wire: an outside reader verifies what it is given. */
class AuditApiTest {
    @AutoClose
    private final LogFixture fixture = new LogFixture();

    private final FakeAccess access = FakeAccess.to("fire", "police");
    private final AuditController controller = new AuditController(fixture.transactions, access, fixture.key);
    private final Caller caller = AuditFixtures.person(AuditFixtures.ANNE, AuditFixtures.FIRE);

    @Test
    void aReaderRebuildsTheWholeLogFromBundlesAndTiles() {
        fixture.record(0, 600);
        fixture.settle();
        Checkpoint head = checkpoint();
        assertThat(head.size()).isEqualTo(600);
        List<byte[]> hashes = new ArrayList<>();
        for (String path : List.of("/entries/000", "/entries/001", "/entries/002.p/88")) {
            hashes.addAll(bundle(path));
        }
        Frontier frontier = new Frontier();
        hashes.forEach(frontier::append);
        assertThat(frontier.root()).isEqualTo(head.root());
        byte[] tile = controller.tile(caller, "/0/001").getBody();
        assertThat(tile).hasSize(8192);
        assertThat(Arrays.copyOfRange(tile, 32, 64)).isEqualTo(hashes.get(257));
        assertThat(controller.tile(caller, "/0/002.p/88").getBody()).hasSize(88 * 32);
        assertThat(controller.tile(caller, "/1/000.p/2").getBody())
                .isEqualTo(concat(
                        MerkleTree.perfectRoot(controller.tile(caller, "/0/000").getBody(), 0, 256),
                        MerkleTree.perfectRoot(tile, 0, 256)));
    }

    @Test
    void onlyWhatTheCheckpointCoversIsShown() {
        fixture.record(0, 10);
        fixture.settle();
        fixture.record(10, 20);
        assertThat(fixture.sequencer.step()).isEqualTo(10);
        fixture.record(20, 22);
        assertThat(fixture.sequencer.step()).isEqualTo(2);
        assertThat(checkpoint().size()).isEqualTo(20);
        assertThat(controller.tile(caller, "/0/000.p/20").getBody()).hasSize(640);
        for (String path : List.of(
                "/0/000.p/21",
                "/0/000",
                "/0/001",
                "/1/000.p/1",
                "/63/000",
                "/entries/000.p/22",
                "/0/x900/x000/x000/x000/x000/000")) {
            assertThatThrownBy(() -> controller.tile(caller, path)).isInstanceOf(NotFound.class);
        }
        assertThatThrownBy(() -> controller.consistency(caller, "10", "21")).isInstanceOf(BadRequest.class);
    }

    @Test
    void anEntryIsAnsweredPendingAndThenProven() {
        fixture.settle();
        UUID id = fixture.record(AuditFixtures.opened(1));
        ResponseEntity<Proofs.Inclusion> pending = controller.inclusion(caller, id.toString());
        assertThat(pending.getStatusCode().value()).isEqualTo(202);
        assertThat(pending.getBody().state()).isEqualTo("pending");
        fixture.settle();
        ResponseEntity<Proofs.Inclusion> proven = controller.inclusion(caller, id.toString());
        assertThat(proven.getStatusCode().value()).isEqualTo(200);
        assertThat(proven.getBody().index()).isZero();
        assertThat(proven.getBody().leaf()).contains("incident.opened").doesNotContain(AuditFixtures.PHONE);
    }

    @Test
    void consistencyHoldsBetweenAnyTwoCheckpoints() {
        List<Checkpoint> heads = new ArrayList<>();
        for (int step = 0; step < 6; step++) {
            fixture.record(step * 97, step * 97 + 97);
            fixture.settle();
            heads.add(checkpoint());
        }
        for (Checkpoint from : heads) {
            for (Checkpoint to : heads) {
                if (from.size() <= to.size()) {
                    Proofs.Consistency proof =
                            controller.consistency(caller, String.valueOf(from.size()), String.valueOf(to.size()));
                    List<byte[]> hashes = proof.hashes().stream()
                            .map(Base64.getDecoder()::decode)
                            .toList();
                    assertThat(MerkleTree.consistent(from.size(), from.root(), to.size(), to.root(), hashes))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void entriesAreListedNewestFirstInPages() {
        fixture.record(0, 25);
        fixture.settle();
        fixture.record(25, 30);
        List<String> things = new ArrayList<>();
        String after = null;
        do {
            Map<String, Object> page = controller.entries(caller, after, "7", null, null);
            for (Object item : (List<?>) page.get("items")) {
                things.add(String.valueOf(((Map<?, ?>) item).get("thing")));
            }
            after = page.get("next") == null ? null : page.get("next").toString();
        } while (after != null);
        assertThat(things).hasSize(30);
        assertThat(things.getFirst()).isEqualTo("urn:ngsi-ld:Incident:29");
        assertThat(things.getLast()).isEqualTo("urn:ngsi-ld:Incident:0");
        assertThat(items(controller.entries(caller, null, null, "Unit", null))).isEmpty();
        assertThat(items(controller.entries(caller, null, null, "Incident", "urn:ngsi-ld:Incident:3")))
                .hasSize(1);
    }

    @Test
    void whomAnEntryConcernsIsShownUnderAPurposeOnly() {
        fixture.record(0, 1);
        Map<?, ?> shown =
                items(controller.entries(caller, null, null, null, null)).getFirst();
        assertThat(shown.get("subject")).isEqualTo(AuditFixtures.ANNE);
        assertThat(shown.get("personal")).isEqualTo(Map.of("caller.phone", AuditFixtures.PHONE));
        access.withoutPurpose();
        Map<?, ?> hidden =
                items(controller.entries(caller, null, null, null, null)).getFirst();
        assertThat(String.valueOf(hidden))
                .doesNotContain(AuditFixtures.PHONE)
                .doesNotContain(AuditFixtures.ANNE)
                .contains("sha256:");
    }

    @Test
    void whoIsNoAuditorIsDeniedAndMayStillProveOwnEntries() {
        UUID own = fixture.record(AuditFixtures.opened(1));
        UUID foreign = fixture.record(AuditEntry.of(
                AuditFixtures.client(AuditFixtures.FIRE), "unit.changed", "Unit", "u", AuditFixtures.FIRE));
        fixture.settle();
        FakeAccess writesOnly = FakeAccess.to("fire").readable();
        AuditController door = new AuditController(fixture.transactions, writesOnly, fixture.key);
        assertThatThrownBy(() -> door.checkpoint(caller)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> door.key(caller)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> door.tile(caller, "/0/000.p/1")).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> door.consistency(caller, "0", "1")).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> door.entries(caller, null, null, null, null)).isInstanceOf(Denied.class);
        assertThat(door.inclusion(caller, own.toString()).getStatusCode().value())
                .isEqualTo(200);
        assertThatThrownBy(() -> door.inclusion(caller, foreign.toString())).isInstanceOf(NotFound.class);
        assertThat(door.inclusion(AuditFixtures.client(AuditFixtures.FIRE), foreign.toString())
                        .getStatusCode()
                        .value())
                .isEqualTo(200);
    }

    @Test
    void badParametersAreRefused() {
        fixture.settle();
        for (String entry : Arrays.asList(null, "", "x", "0190a1b2-c3d4-7000-8000", "' or 1=1 --")) {
            assertThatThrownBy(() -> controller.inclusion(caller, entry)).isInstanceOf(BadRequest.class);
        }
        assertThatThrownBy(() -> controller.inclusion(caller, new UUID(1, 1).toString()))
                .isInstanceOf(NotFound.class);
        for (String number : Arrays.asList(null, "", "-1", "1.5", "9999999999999999999", "٣", "1e3")) {
            assertThatThrownBy(() -> controller.consistency(caller, number, "0"))
                    .isInstanceOf(BadRequest.class);
            assertThatThrownBy(() -> controller.consistency(caller, "0", number))
                    .isInstanceOf(BadRequest.class);
        }
        for (String limit : List.of("0", "501", "x")) {
            assertThatThrownBy(() -> controller.entries(caller, null, limit, null, null))
                    .isInstanceOf(BadRequest.class);
        }
        assertThatThrownBy(() -> controller.entries(caller, "x", null, null, null))
                .isInstanceOf(BadRequest.class);
        assertThat(items(controller.entries(caller, null, null, "\0\ud800", "\0".repeat(2_000))))
                .isEmpty();
        Random random = new Random(9);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> controller.tile(caller, "/" + new String(bytes, UTF_8)))
                    .isInstanceOf(BadRequest.class);
        }
    }

    @Test
    void theKeyIsShownInTheFormThatVerifiersRead() {
        fixture.settle();
        VerifierKey key = VerifierKey.parse(controller.key(caller).getBody());
        assertThat(key.open(controller.checkpoint(caller).getBody())).isPresent();
    }

    private Checkpoint checkpoint() {
        return Checkpoint.parse(fixture.key
                        .verifier()
                        .open(controller.checkpoint(caller).getBody())
                        .orElseThrow())
                .orElseThrow();
    }

    private List<byte[]> bundle(String path) {
        ByteBuffer bytes = ByteBuffer.wrap(controller.tile(caller, path).getBody());
        List<byte[]> hashes = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] leaf = new byte[bytes.getShort() & 0xffff];
            bytes.get(leaf);
            hashes.add(MerkleTree.leafHash(leaf));
        }
        return hashes;
    }

    private static byte[] concat(byte[] one, byte[] two) {
        return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> items(Map<String, Object> page) {
        return (List<Map<?, ?>>) page.get("items");
    }
}
