package org.conurb.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TalkSite.CONTROL;
import static org.conurb.talk.TalkSite.DISPATCH;
import static org.conurb.talk.TalkSite.DUTY;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.FIRE_CHIEF;
import static org.conurb.talk.TalkSite.POLICE;
import static org.conurb.talk.TalkSite.POLICE_DESK;
import static org.conurb.talk.TalkSite.SCHOOL;
import static org.conurb.talk.TalkSite.caller;
import static org.conurb.talk.TalkSite.dispatcher;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Action;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Retained;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessagesStoreTest {
    private static final Caller CHIEF = caller(FIRE, Role.COMMANDER, "fire-chief");
    private static final Caller DESK = caller(POLICE, Role.DISPATCHER, "police-desk");
    private static final Map<String, Object> HARBOUR = Map.of("type", "Point", "coordinates", List.of(7.42, 43.73));

    private TalkSite site = TalkSite.open();
    private String joint = "";
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        joint = site.directory.of(DISPATCH).stream()
                .filter(facts -> facts.name().equals("Joint"))
                .findFirst()
                .orElseThrow()
                .group()
                .id();
        listen(site);
    }

    private void listen(TalkSite to) {
        to.messages.onMessage(new MessageListener() {
            @Override
            public void stored(TalkMessage message, Collection<Participant> receivers) {
                told.add("stored for " + receivers.size());
            }

            @Override
            public void changed(TalkMessage message, Participant receiver, TalkMessage.State state) {
                told.add(state + " by " + site.participants.name(receiver) + " of " + message.sender());
            }
        });
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static NewMessage message(UUID id, String to, String text) {
        return new NewMessage(id.toString(), to, text, null, null, null);
    }

    private TalkMessages.Stored send(String to, String text) {
        return site.messages.store(dispatcher(), DISPATCH, message(site.ids.next(), to, text));
    }

    private List<String> texts(Caller caller, Participant who, String with) {
        return site.messages.list(caller, who, Optional.of(with), MessageStore.Place.NEWEST, 50).stream()
                .map(TalkMessage::text)
                .toList();
    }

    private List<String> waiting(Caller caller, Participant who) {
        return site.messages.pending(caller, who, 50).stream()
                .map(TalkMessage::text)
                .toList();
    }

    private static void assertCategory(Category category, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ConurbException.class,
                        fault -> assertThat(fault.category()).isEqualTo(category));
    }

    @Test
    void aMessageWaitsForEachReceiverUntilThatOneHasIt() {
        UUID sent = send(joint, "Water at the quay").message().id();

        assertThat(told).containsExactly("stored for 3");
        assertThat(waiting(CHIEF, FIRE_CHIEF)).containsExactly("Water at the quay");
        assertThat(waiting(dispatcher(), DISPATCH)).isEmpty();
        site.messages.delivered(CHIEF, FIRE_CHIEF, List.of(sent));
        site.messages.delivered(CHIEF, FIRE_CHIEF, List.of(sent));

        assertThat(waiting(CHIEF, FIRE_CHIEF)).isEmpty();
        assertThat(waiting(DESK, POLICE_DESK)).hasSize(1);
        assertThat(told).containsExactly("stored for 3", "DELIVERED by Fire chief of sip:dispatch-1@elm");
    }

    @Test
    void itWaitsOverARestart() {
        send(joint, "Water at the quay");

        site = site.restart(site.city);

        assertThat(waiting(CHIEF, FIRE_CHIEF)).containsExactly("Water at the quay");
    }

    @Test
    void readingIsToldOnceAndCountsAsHavingIt() {
        UUID sent = send(joint, "Water at the quay").message().id();
        site.messages.read(CHIEF, FIRE_CHIEF, sent);
        site.messages.read(CHIEF, FIRE_CHIEF, sent);

        assertThat(told).containsExactly("stored for 3", "READ by Fire chief of sip:dispatch-1@elm");
        assertThat(site.in(
                        dispatcher(),
                        () -> site.messages.progress(
                                DISPATCH, List.of(site.messages.find(sent).orElseThrow()))))
                .containsExactly(Map.entry(sent, new MessageStore.Progress(1, 1)));
        assertThatThrownBy(() -> site.messages.read(CHIEF, FIRE_CHIEF, site.ids.next()))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> site.messages.read(dispatcher(), DISPATCH, sent))
                .as("of one's own")
                .isInstanceOf(NotFound.class);
    }

    @Test
    void theSameMessageTwiceIsThereOnceAndAnotherUnderItsIdIsRefused() {
        UUID id = site.ids.next();
        TalkMessages.Stored first = site.messages.store(dispatcher(), DISPATCH, message(id, joint, "One"));
        TalkMessages.Stored again = site.messages.store(dispatcher(), DISPATCH, message(id, joint, "One"));

        assertThat(first.fresh()).isTrue();
        assertThat(again.fresh()).isFalse();
        assertThat(again.message()).isEqualTo(first.message());
        assertThat(told).hasSize(1);
        assertThat(texts(dispatcher(), DISPATCH, joint)).containsExactly("One");
        assertCategory(
                Category.CONTRADICTION,
                () -> site.messages.store(dispatcher(), DISPATCH, message(id, joint, "Another")));
        assertCategory(Category.CONTRADICTION, () -> site.messages.store(CHIEF, FIRE_CHIEF, message(id, joint, "One")));
    }

    @Test
    void whatIsSentCarriesCodeAndPlaceAndLeavesATraceWithoutItsWords() {
        TalkMessage sent = site.messages
                .store(
                        dispatcher(),
                        DISPATCH,
                        new NewMessage(site.ids.next().toString(), joint, "Here", "2", HARBOUR, null))
                .message();

        TalkMessage kept = site.messages.pending(CHIEF, FIRE_CHIEF, 1).getFirst();
        assertThat(kept).isEqualTo(sent);
        assertThat(kept.code()).contains("2");
        assertThat(kept.place().orElseThrow().latitudeDegrees()).isEqualTo(43.73);
        assertThat(site.audit.entries().getLast().action()).isEqualTo("talk-message.sent");
        assertThat(site.audit.entries().getLast().facts())
                .doesNotContainValue("Here")
                .containsEntry("receivers", "3");
        assertThat(site.audit.entries().getLast().personal()).containsEntry("text", "Here");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        String id = site.ids.next().toString();
        for (NewMessage wrong : List.of(
                new NewMessage(null, joint, "x", null, null, null),
                new NewMessage("not-a-uuid", joint, "x", null, null, null),
                new NewMessage(id, null, "x", null, null, null),
                new NewMessage(id, joint, " ", null, null, null),
                new NewMessage(id, joint, "x".repeat(4_001), null, null, null),
                new NewMessage(id, joint, "a\0b", null, null, null),
                new NewMessage(id, joint, "x", "no such code", null, null),
                new NewMessage(id, joint, null, null, Map.of("type", "Point"), null),
                new NewMessage(id, joint, "x", null, null, List.of(id)),
                new NewMessage(id, joint, "x", null, null, List.of("?")))) {
            assertThatThrownBy(() -> site.messages.store(dispatcher(), DISPATCH, wrong))
                    .as("%s", wrong)
                    .isInstanceOf(BadRequest.class);
        }
        assertThat(texts(dispatcher(), DISPATCH, joint)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void oneWritesToGroupsOneIsInAndToThoseAnAgreementReaches() {
        assertThatThrownBy(() -> send("sip:head@elm", "Hello")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> send("urn:ngsi-ld:TalkGroup:" + site.ids.next(), "Hello"))
                .isInstanceOf(NotFound.class);

        UUID asked = send("fire-chief", "How many?").message().id();
        site.messages.store(CHIEF, FIRE_CHIEF, message(site.ids.next(), DISPATCH.mcpttId(), "Four"));

        assertThat(told).containsExactly("stored for 1", "stored for 1");
        assertThat(texts(dispatcher(), DISPATCH, "sip:fire-chief@elm")).containsExactly("Four", "How many?");
        assertThat(texts(CHIEF, FIRE_CHIEF, "sip:dispatch-1@elm")).containsExactly("Four", "How many?");
        assertThat(texts(DESK, POLICE_DESK, "sip:dispatch-1@elm")).isEmpty();
        assertThatThrownBy(() -> site.messages.read(DESK, POLICE_DESK, asked)).isInstanceOf(NotFound.class);
    }

    @Test
    void whoOnlyListensInAGroupDoesNotWriteInIt() {
        site.close();
        site = TalkSite.open(TalkSite.city(List.of(TalkSite.shared(FIRE, Action.READ))));

        assertThatThrownBy(() -> site.messages.store(CHIEF, FIRE_CHIEF, message(site.ids.next(), joint, "Hello")))
                .isInstanceOf(Denied.class);
        send(joint, "Listen");
        assertThat(waiting(CHIEF, FIRE_CHIEF)).containsExactly("Listen");
    }

    @Test
    void aGroupsMessagesComeNewestFirstAndInParts() {
        for (int i = 0; i < 5; i++) {
            send(joint, "m" + i);
            site.clock.advance(Duration.ofSeconds(i < 2 ? 0 : 1));
        }
        List<TalkMessage> first =
                site.messages.list(DESK, POLICE_DESK, Optional.of(joint), MessageStore.Place.NEWEST, 3);
        TalkMessage last = first.getLast();
        List<TalkMessage> rest = site.messages.list(
                DESK, POLICE_DESK, Optional.of(joint), new MessageStore.Place(last.at(), last.id()), 3);

        assertThat(first).extracting(TalkMessage::text).containsExactly("m4", "m3", "m2");
        assertThat(rest).extracting(TalkMessage::text).containsExactly("m1", "m0");
        assertThat(site.messages.list(DESK, POLICE_DESK, Optional.empty(), MessageStore.Place.NEWEST, 9))
                .hasSize(5);
    }

    @Test
    void whoHasLeftAGroupSeesOnlyWhatWasForThem() {
        send(joint, "For all");
        site.directory.deaffiliate(DUTY, joint);
        send(joint, "For those who follow");
        site = site.restart(TalkSite.city(List.of()));

        assertThat(texts(caller(CONTROL, Role.COMMANDER, "duty"), DUTY, joint))
                .as("a member who does not follow may look")
                .containsExactly("For those who follow", "For all");
        assertThat(texts(CHIEF, FIRE_CHIEF, joint))
                .as("the agreement has ended")
                .isEmpty();
    }

    @Test
    void aFloodOfOneSenderIsHeldUp() {
        for (int i = 0; i < 120; i++) {
            send("fire-chief", "m" + i);
        }
        assertCategory(Category.THROTTLED, () -> send("fire-chief", "one more"));
        site.clock.advance(Duration.ofMinutes(2));
        send("fire-chief", "later");
    }

    // ---- attachments

    private Answer attach(Caller caller, byte[] file, String key) {
        Change change =
                new Change(site.transactions, caller, site.access.owners(caller), Optional.of(key), new byte[32]);
        return site.attachments.take(caller, change, "quay.txt", "text/plain", new ByteArrayInputStream(file));
    }

    private UUID attached(Caller caller, String text) {
        String location = attach(caller, text.getBytes(UTF_8), UUID.randomUUID().toString())
                .headers()
                .get("Location");
        return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    }

    private long files() {
        String[] names = site.folder.toFile().list();
        return names == null ? 0 : names.length;
    }

    @Test
    void anAttachmentGoesWithOneMessageAndIsOpenedByThoseWhoTakePart() throws Exception {
        UUID file = attached(dispatcher(), "Plan of the quay");
        NewMessage with = new NewMessage(site.ids.next().toString(), joint, null, null, null, List.of(file.toString()));
        assertThatThrownBy(() -> site.attachments.open(CHIEF, FIRE_CHIEF, file))
                .as("before it is sent")
                .isInstanceOf(NotFound.class);
        TalkMessage sent = site.messages.store(dispatcher(), DISPATCH, with).message();

        assertThat(sent.attachments())
                .containsExactly(new TalkMessage.Attachment(file, "quay.txt", "text/plain; charset=utf-8", 16));
        assertThat(site.messages.store(dispatcher(), DISPATCH, with).message()).isEqualTo(sent);
        assertThat(site.attachments.open(CHIEF, FIRE_CHIEF, file).name()).isEqualTo("quay.txt");
        assertThat(Files.readString(site.folder.resolve(file.toString()))).isEqualTo("Plan of the quay");
        Participant head = site.participants.named("head").orElseThrow();
        assertThatThrownBy(() -> site.attachments.open(caller(SCHOOL, Role.COMMANDER, "head"), head, file))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> site.messages.store(
                        dispatcher(),
                        DISPATCH,
                        new NewMessage(site.ids.next().toString(), joint, null, null, null, List.of(file.toString()))))
                .as("in another message")
                .isInstanceOf(BadRequest.class);
        site.access.withoutPurpose();
        assertThatThrownBy(() -> site.attachments.open(CHIEF, FIRE_CHIEF, file)).isInstanceOf(Denied.class);
    }

    @Test
    void anothersAttachmentIsNotSent() {
        UUID file = attached(CHIEF, "Plan of the quay");

        assertThatThrownBy(() -> site.messages.store(
                        dispatcher(),
                        DISPATCH,
                        new NewMessage(site.ids.next().toString(), joint, null, null, null, List.of(file.toString()))))
                .isInstanceOf(BadRequest.class);
        assertThat(texts(dispatcher(), DISPATCH, joint)).isEmpty();
    }

    @Test
    void nothingStaysOfAFileThatIsTooLargeOfNoKindOrSentTwice() {
        assertCategory(Category.TOO_LARGE, () -> attach(CHIEF, new byte[1_001], "a"));
        assertCategory(Category.REQUEST, () -> attach(CHIEF, "PK\3\4".getBytes(ISO_8859_1), "b"));
        assertThat(files()).isZero();

        Answer first = attach(CHIEF, "once".getBytes(UTF_8), "c");
        Answer again = attach(CHIEF, "once".getBytes(UTF_8), "c");
        assertThat(again.headers().get("Location")).isEqualTo(first.headers().get("Location"));
        assertCategory(Category.CONTRADICTION, () -> attach(CHIEF, "else".getBytes(UTF_8), "c"));
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void messagesGoWhenTheirTimeIsOverWithReceiptsAndFiles() {
        UUID file = attached(dispatcher(), "Plan of the quay");
        site.messages.store(
                dispatcher(),
                DISPATCH,
                new NewMessage(site.ids.next().toString(), joint, "x", null, null, List.of(file.toString())));
        site.clock.advance(Duration.ofDays(1));
        send(joint, "new");
        UUID unsent = attached(dispatcher(), "Never sent");

        Map<OrganisationId, Integer> gone = forget(site.attachments.retained());

        assertThat(gone).containsExactly(Map.entry(CONTROL, 1));
        assertThat(texts(dispatcher(), DISPATCH, joint)).containsExactly("new");
        assertThat(waiting(CHIEF, FIRE_CHIEF)).containsExactly("new");
        assertThat(site.folder.resolve(file.toString())).doesNotExist();
        assertThat(site.folder.resolve(unsent.toString())).exists();
        site.clock.advance(Duration.ofDays(2));
        assertThat(forget(site.attachments.unsent(Duration.ofDays(1)))).containsExactly(Map.entry(CONTROL, 1));
        assertThat(site.folder.resolve(unsent.toString())).doesNotExist();
    }

    /** All from before today. */
    private Map<OrganisationId, Integer> forget(Retained retained) {
        return site.transactions
                .asSystem(() -> retained.forget().apply(site.clock.instant().minus(Duration.ofHours(1))))
                .owners();
    }

    @Test
    void behindTheSecondWallMessagesAreSeenByThoseTheOwnerLetIn() {
        attached(CHIEF, "Plan of the quay");
        send(joint, "Water at the quay");

        for (String table : List.of("message", "receipt")) {
            assertThat(rows(table, CONTROL)).isPositive();
            assertThat(rows(table, SCHOOL)).isZero();
        }
        assertThat(rows("attachment", FIRE)).isEqualTo(1);
        assertThat(rows("attachment", CONTROL)).isZero();
    }

    private int rows(String table, OrganisationId... owners) {
        return site.transactions.as(
                List.of(owners),
                () -> site.transactions
                        .jdbc()
                        .sql("select count(*) from talk." + table)
                        .query(Integer.class)
                        .single());
    }

    @Test
    void aThousandReceiversHaveAMessageInOneGo() {
        Caller system = Caller.system("incidents", FIRE);
        site.transactions.doAs(List.of(FIRE), () -> {
            for (int i = 0; i < 1_000; i++) {
                site.entities.put(
                        system,
                        org.conurb.hub.Entity.of(Ids.urn("Unit", site.ids.next()), "Unit", FIRE)
                                .with("callSign", org.conurb.hub.Attribute.property("E" + i)));
            }
        });
        site.caughtUp();
        String fire = site.directory.of(FIRE_CHIEF).stream()
                .filter(facts -> facts.name().equals("Fire"))
                .findFirst()
                .orElseThrow()
                .group()
                .id();
        TalkSite.await("followers", () -> site.directory.affiliated(fire).size() == 1_001);

        site.messages.store(CHIEF, FIRE_CHIEF, message(site.ids.next(), fire, "All of you"));

        assertThat(told).containsExactly("stored for 1000");
        assertThat(rows("receipt", FIRE)).isEqualTo(1_000);
    }

    @Test
    void listsCostAsMuchAsTheyShowBehindTheWallToo() {
        site.transactions.doAs(List.of(CONTROL, FIRE), () -> {
            site.transactions.jdbc().sql("""
                            insert into talk.message (id, organisation_id, kind, at, sender, target, text, fingerprint, receivers)
                            select gen_random_uuid(), case when n % 2 = 0 then 'control' else 'fire' end, 'direct',
                                   now() - n * interval '1 second', 'sip:a' || n % 500, 'sip:b' || n % 400, 'x',
                                   sha256('x'), 1
                              from generate_series(1, 20000) n
                            """).update();
            site.transactions.jdbc().sql("""
                            insert into talk.receipt (message_id, participant, organisation_id, at, delivered_at)
                            select id, target, organisation_id, at, case when random() < 0.9 then at end from talk.message
                            """).update();
        });

        assertThat(plan(MessageStore.OF_GROUP)).contains("message_target").doesNotContain("Seq Scan");
        assertThat(plan(MessageStore.BETWEEN))
                .containsAnyOf("message_target", "message_sender")
                .doesNotContain("Seq Scan");
        assertThat(plan(MessageStore.INBOX)).contains("receipt_list").doesNotContain("Seq Scan");
        assertThat(plan(MessageStore.PENDING)).contains("receipt_pending").doesNotContain("Seq Scan");
    }

    private String plan(String sql) {
        return site.transactions.as(
                List.of(CONTROL, FIRE),
                () -> String.join(
                        "\n",
                        site.transactions
                                .jdbc()
                                .sql("explain " + sql)
                                .param("group", "sip:b1")
                                .param("member", true)
                                .param("who", "sip:a1")
                                .param("one", "sip:b1")
                                .param("other", "sip:a1")
                                .param("participant", "sip:b1")
                                .param(
                                        "at",
                                        site.clock
                                                .instant()
                                                .plus(Duration.ofDays(9999))
                                                .atOffset(ZoneOffset.UTC))
                                .param("id", new UUID(-1, -1))
                                .param("most", 51)
                                .query(String.class)
                                .list()));
    }
}
