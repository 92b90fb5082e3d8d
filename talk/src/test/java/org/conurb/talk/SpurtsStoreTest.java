package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.RecordingRoom.EIGHT;
import static org.conurb.talk.RecordingRoom.ENGINE;
import static org.conurb.talk.RecordingRoom.FIRE;
import static org.conurb.talk.RecordingRoom.GROUP;
import static org.conurb.talk.RecordingRoom.INCIDENT;
import static org.conurb.talk.RecordingRoom.LADDER;
import static org.conurb.talk.RecordingRoom.OTHER;
import static org.conurb.talk.RecordingRoom.POLICE;
import static org.conurb.talk.TalkRecorderStoreTest.quiet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Entity;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Retained;
import org.conurb.talk.SpurtController.SpurtPage;
import org.conurb.talk.SpurtController.SpurtView;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletResponse;

class SpurtsStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private RecordingRoom room;

    @BeforeEach
    void open() {
        room = new RecordingRoom(folder);
    }

    private SpurtPage list(String group, String participant, String from, String after, Integer limit) {
        return room.controller.list(
                room.dispatcher, group, group == null ? INCIDENT : null, participant, from, null, after, limit);
    }

    @Test
    void spurtsAreFoundByGroupIncidentTalkerAndTimeAndInPages() {
        UUID one = room.said(ENGINE, GROUP, quiet(10)).id();
        UUID two = room.said(LADDER, GROUP, quiet(10)).id();
        UUID three = room.said(ENGINE, OTHER, quiet(10)).id();

        assertThat(list(null, null, null, null, null).items())
                .extracting(SpurtView::id)
                .containsExactly(three, two, one);
        assertThat(list(GROUP, null, null, null, null).items())
                .extracting(SpurtView::id)
                .containsExactly(two, one);
        assertThat(list(null, ENGINE.mcpttId(), null, null, null).items())
                .extracting(SpurtView::id)
                .containsExactly(three, one);
        assertThat(list(null, null, EIGHT.plusMillis(100).toString(), null, null)
                        .items())
                .extracting(SpurtView::id)
                .containsExactly(three, two);
        SpurtPage page = list(null, null, null, null, 2);
        assertThat(page.next()).isEqualTo(two.toString());
        assertThat(list(null, null, null, page.next(), 2).items())
                .extracting(SpurtView::id)
                .containsExactly(one);
        SpurtView shown = page.items().getFirst();
        assertThat(shown.incident()).isEqualTo(INCIDENT);
        assertThat(shown.recorded()).isTrue();
        assertThat(shown.sha256()).hasSize(64);
        assertThat(shown.seconds()).isEqualTo(0.2);
        assertThat(shown.urgency()).isEqualTo("routine");
        assertThatThrownBy(() -> list(null, null, "yesterday", null, null)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> list(null, null, null, null, 501)).isInstanceOf(BadRequest.class);
    }

    @Test
    void spurtsOfOthersAreNotThere() {
        UUID id = room.said(ENGINE, GROUP, quiet(10)).id();
        room.access.readable("police").writable("police");

        assertThat(list(GROUP, null, null, null, null).items()).isEmpty();
        assertThatThrownBy(() -> room.controller.find(id.toString(), room.dispatcher))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> room.ogg(id)).isInstanceOf(NotFound.class);
        assertThat(room.transactions.as(Set.of(POLICE), () -> room.store.find(id)))
                .isEmpty();
        assertThat(room.transactions.as(Set.of(FIRE), () -> room.store.find(id)))
                .isPresent();
        assertThat(room.transactions.as(Set.of(POLICE), () -> room.hours.known(GROUP, EIGHT)))
                .isEmpty();
    }

    @Test
    void listeningWithoutAPurposeIsRefusedAndUnderOneWrittenOnceForGrantGroupAndHour() throws IOException {
        UUID one = room.said(ENGINE, GROUP, quiet(10)).id();
        UUID two = room.said(LADDER, GROUP, quiet(10)).id();
        UUID other = room.said(LADDER, OTHER, quiet(10)).id();
        room.access.withoutPurpose();
        assertThatThrownBy(() -> room.ogg(one)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> room.controller.waveform(one.toString(), null, room.dispatcher))
                .isInstanceOf(Denied.class);
        assertThat(room.controller.find(one.toString(), room.dispatcher).recorded())
                .isTrue();
        assertThat(room.audit.actions()).doesNotContain("talk.audio.read");

        room.access.under(new UUID(0, 7));
        room.ogg(one);
        room.ogg(one);
        room.ogg(two);
        room.controller.waveform(two.toString(), null, room.dispatcher);
        room.ogg(other);

        assertThat(room.audit.entries())
                .filteredOn(entry -> entry.action().equals("talk.audio.read"))
                .extracting(entry -> entry.id(), entry -> entry.grant().orElseThrow())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(GROUP, new UUID(0, 7)),
                        org.assertj.core.groups.Tuple.tuple(OTHER, new UUID(0, 7)));
        assertThat(room.audit.entries().getLast().facts())
                .containsEntry("from", "2026-03-01T08:00:00Z")
                .containsEntry("to", "2026-03-01T09:00:00Z");
    }

    @Test
    void aRangeIsThatPartOfTheSameBytes() throws IOException {
        UUID id = room.said(ENGINE, GROUP, quiet(200)).id();
        byte[] all = room.ogg(id);
        MockHttpServletResponse part = new MockHttpServletResponse();
        room.controller.audio(id.toString(), null, "bytes=100-299", room.dispatcher, part);

        assertThat(part.getStatus()).isEqualTo(206);
        assertThat(part.getHeader("Content-Range")).isEqualTo("bytes 100-299/" + all.length);
        assertThat(part.getContentAsByteArray()).isEqualTo(Arrays.copyOfRange(all, 100, 300));
        MockHttpServletResponse beyond = new MockHttpServletResponse();
        room.controller.audio(id.toString(), null, "bytes=%d-".formatted(all.length), room.dispatcher, beyond);
        assertThat(beyond.getStatus()).isEqualTo(416);
    }

    @Test
    void whatWasChangedOnDiskIsNotPlayed() throws IOException {
        Spurt spurt = room.said(ENGINE, GROUP, quiet(50));
        byte[] bytes = Files.readAllBytes(room.file(spurt));
        bytes[bytes.length - 100] ^= 1;
        Files.write(room.file(spurt), bytes);

        assertThatThrownBy(() -> room.ogg(spurt.id()))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining(spurt.id().toString());
    }

    @Test
    void whatWasNotRecordedOrGoesOnHasNothingToHear() {
        Talk unheard = room.talk(ENGINE, false);
        room.recorder.began(unheard);
        room.end(unheard);
        assertThatThrownBy(() -> room.ogg(unheard.id())).isInstanceOf(NotFound.class);

        Talk silent = room.talk(ENGINE, true);
        room.begin(silent);
        room.end(silent);
        assertThatThrownBy(() -> room.ogg(silent.id())).isInstanceOf(NotFound.class);

        Talk talk = room.talk(ENGINE, true);
        room.begin(talk);
        room.book.step();
        assertThatThrownBy(() -> room.ogg(talk.id())).isInstanceOf(Conflict.class);
    }

    @Test
    void hoursThatAreOldAreForgottenWithFilesAndEntitiesAndThoseOnHoldStay() throws IOException {
        Spurt old = room.said(ENGINE, GROUP, quiet(10));
        Spurt held = room.said(ENGINE, OTHER, quiet(10));
        TalkHolds holds = new TalkHolds(room.transactions, room.ids, room.clock);
        UUID hold = room.transactions.as(
                Set.of(FIRE), () -> holds.place(FIRE, OTHER, EIGHT, EIGHT.plusSeconds(60), "export 1"));
        room.clock.set(EIGHT.plus(Duration.ofDays(2)));
        Spurt young = room.said(ENGINE, GROUP, quiet(10));
        Retained retained = new SpurtRetention(room.transactions, room.entities, room.folder).retained();
        assertThat(retained.retention()).isEqualTo("talk");

        Retained.Forgotten gone = forget(retained, EIGHT.plus(Duration.ofDays(1)));

        assertThat(gone.owners()).containsExactly(java.util.Map.entry(FIRE, 1));
        assertThat(room.file(old)).doesNotExist();
        assertThat(rows()).containsExactlyInAnyOrder(held.id(), young.id());
        assertThat(entity(old)).isEmpty();
        assertThat(entity(held)).isNotEmpty();
        assertThat(room.file(held)).exists();

        assertThat(room.transactions.as(Set.of(FIRE), () -> holds.release(hold)))
                .isTrue();
        forget(retained, EIGHT.plus(Duration.ofDays(1)));
        assertThat(rows()).containsExactly(young.id());
        assertThat(room.file(held).getParent().getParent()).doesNotExist();
    }

    private Retained.Forgotten forget(Retained retained, Instant before) {
        return room.transactions.asSystem(() -> retained.forget().apply(before));
    }

    private List<UUID> rows() {
        return room.transactions.asSystem(() -> room.transactions
                .jdbc()
                .sql("select id from talk.spurt")
                .query(UUID.class)
                .list());
    }

    private java.util.Optional<Entity> entity(Spurt spurt) {
        return room.transactions.as(Set.of(FIRE), () -> room.entities.find(Ids.urn("TalkSpurt", spurt.id())));
    }

    @Test
    void listsReadAlongAnIndexBehindTheWall() {
        room.transactions.doAsSystem(() -> room.transactions.jdbc().sql("""
                insert into talk.spurt (id, organisation_id, kind, at, hour_starts_at, group_id, group_name, incident_id,
                    participant, participant_name, participant_organisation, site, urgency, recorded)
                select gen_random_uuid(), 'fire', 'standing', '2026-03-01'::timestamptz + n * interval '1 second',
                       date_trunc('hour', '2026-03-01'::timestamptz + n * interval '1 second'), 'g' || n % 500, 'G',
                       'i' || n % 500, 'p' || n % 500, 'P', 'fire', 'alder', 'routine', true
                  from generate_series(1, 20000) n
                """).update());
        List<String> plan = room.transactions.as(
                Set.of(FIRE),
                () -> room.transactions.jdbc().sql("""
                        explain select * from talk.spurt
                         where organisation_id in ('fire') and at >= '2026-03-01' and at < '2026-03-02'
                           and (at, id) < (select b.at, b.id from talk.spurt b where b.id = gen_random_uuid())
                         order by at desc, id desc limit 100
                        """).query(String.class).list());
        assertThat(String.join("\n", plan))
                .contains("Index Scan using spurt_list")
                .containsPattern("Index Cond: .*organisation_id.* AND \\(at >= .* AND \\(at < ")
                .doesNotContain("Seq Scan");
    }
}
