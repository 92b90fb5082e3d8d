package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.video.HoldController.HoldView;
import org.conurb.video.HoldController.NewHold;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldsStoreTest {
    private static final String CASE = "C-2026-17";

    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera market;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        market = doors.camera("Market");
        doors.audit.clear();
    }

    private HoldView place(String reason, Instant from, Instant to) {
        NewHold wanted = new NewHold(market.urn(), from.toString(), to.toString(), CASE, reason);
        Answer answer = doors.holdController.place(wanted, doors.dispatcher, doors.change(doors.dispatcher));
        return Json.mapper().readValue(answer.body(), HoldView.class);
    }

    private List<HoldView> list(Caller caller) {
        return doors.holdController.list(caller, null, null, null).items();
    }

    @Test
    void aHoldIsPlacedShownAndLiftedAndEachIsAudited() {
        HoldView hold = place("The court asked", EIGHT, EIGHT.plusSeconds(60));

        assertThat(list(doors.dispatcher)).containsExactly(hold);
        assertThat(doors.holdController
                        .find(hold.id().toString(), doors.dispatcher)
                        .reason())
                .isEqualTo("The court asked");
        assertThat(doors.holdController
                        .list(doors.dispatcher, doors.camera("Other").urn(), null, null)
                        .items())
                .isEmpty();
        doors.holdController.lift(hold.id().toString(), doors.dispatcher, doors.change(doors.dispatcher));

        assertThat(list(doors.dispatcher)).isEmpty();
        assertThat(doors.audit.actions()).contains("video-hold.placed", "video-hold.lifted");
        assertThat(doors.audit.entries().getFirst().facts())
                .containsEntry("camera", market.urn())
                .containsEntry("case", CASE)
                .doesNotContainKey("reason");
        assertThatThrownBy(() -> doors.holdController.lift(
                        hold.id().toString(), doors.dispatcher, doors.change(doors.dispatcher)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void whoseCameraItIsSeesInItsLogWhoHoldsWhat() {
        Caller fire = Doors.caller(Doors.FIRE, Role.COMMANDER);
        NewHold wanted =
                new NewHold(market.urn(), EIGHT.toString(), EIGHT.plusSeconds(1).toString(), CASE, "Fire");
        doors.holdController.place(wanted, fire, doors.change(fire));

        assertThat(doors.audit.entries())
                .extracting(entry -> entry.action() + " " + entry.owner())
                .containsExactly("video-hold.placed police", "video-hold.placed fire");
    }

    @Test
    void aHoldOfAnExportIsTheExportsAlone() throws IOException {
        doors.record(market, EIGHT, 3);
        UUID export = doors.in(() -> doors.exports.ask(
                        doors.dispatcher,
                        List.of(new EvidenceRoom.Wanted(market.urn(), EIGHT, EIGHT.plusSeconds(4))),
                        CASE,
                        "reason"))
                .id();
        UUID hold = doors.in(() -> doors.exports.find(doors.dispatcher, export))
                .parts()
                .getFirst()
                .hold();

        assertThat(list(doors.dispatcher)).isEmpty();
        assertThatThrownBy(() ->
                        doors.holdController.lift(hold.toString(), doors.dispatcher, doors.change(doors.dispatcher)))
                .isInstanceOf(Conflict.class);
        assertThat(doors.in(() -> new HoldStore(doors.transactions.jdbc()).isOfExport(hold)))
                .isTrue();
    }

    @Test
    void whoMayNotIsRefused() {
        HoldView hold = place("The court asked", EIGHT, EIGHT.plusSeconds(60));
        doors.access.writable();

        assertThatThrownBy(() -> place("again", EIGHT, EIGHT.plusSeconds(60))).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> doors.holdController.lift(
                        hold.id().toString(), doors.dispatcher, doors.change(doors.dispatcher)))
                .isInstanceOf(Denied.class);
        doors.access.readable();
        assertThatThrownBy(() -> doors.holdController.find(hold.id().toString(), doors.dispatcher))
                .isInstanceOf(NotFound.class);
        assertThat(list(doors.dispatcher)).isEmpty();
    }

    @Test
    void aHoldWithoutSpanCaseOrReasonIsRefused() {
        assertThatThrownBy(() -> place("why", EIGHT, EIGHT)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> place("why", EIGHT, EIGHT.plus(Duration.ofDays(367))))
                .isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> place(" ", EIGHT, EIGHT.plusSeconds(1))).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> place("x".repeat(1_001), EIGHT, EIGHT.plusSeconds(1)))
                .isInstanceOf(BadRequest.class);
        NewHold nothing = new NewHold(null, null, null, null, null);
        assertThatThrownBy(() -> doors.holdController.place(nothing, doors.dispatcher, doors.change(doors.dispatcher)))
                .isInstanceOf(BadRequest.class);
        assertThat(doors.audit.actions()).isEmpty();
    }
}
