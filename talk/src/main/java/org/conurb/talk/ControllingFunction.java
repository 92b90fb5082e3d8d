package org.conurb.talk;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.media.Fanout;
import org.jspecify.annotations.Nullable;

/**
 * The controlling MCPTT function of the site (TS 23.379 7.4.2.3.3): all its calls, who is connected, who hears whom. Decides
 * on one thread of its own; may be called from any, and never makes a caller wait. A future tells whether what was asked was
 * done; it completes on the floor's thread.
 */
final class ControllingFunction implements AutoCloseable {
    private final FloorThread floor;
    private final FloorRoom room;
    private final BiPredicate<OrganisationId, OrganisationId> reach;
    private final Ids ids;
    private final Map<String, GroupFacts> known = new ConcurrentHashMap<>();

    /**
     * @param reach whether an agreement lets the one organisation call the other; asked on the floor's thread, from memory
     * @param nanos the media workers' clock
     */
    ControllingFunction(
            Fanout fanout,
            CallLimits limits,
            BiPredicate<OrganisationId, OrganisationId> reach,
            Ids ids,
            Clock clock,
            LongSupplier nanos) {
        this(new FloorThread(nanos), fanout, limits, reach, ids, clock);
    }

    ControllingFunction(
            FloorThread floor,
            Fanout fanout,
            CallLimits limits,
            BiPredicate<OrganisationId, OrganisationId> reach,
            Ids ids,
            Clock clock) {
        this.floor = floor;
        this.room = new FloorRoom(floor, fanout, limits, ids, clock);
        this.reach = reach;
        this.ids = ids;
    }

    /** Told of every talk from now on; named before {@link #start}. */
    void onTalk(TalkListener listener) {
        room.onTalk(listener);
    }

    void book(EmergencyBook emergencies) {
        room.emergencies().book(emergencies);
    }

    void start() {
        floor.start();
        begin();
    }

    /** As {@link #start}, for a floor whose work is done by hand. */
    void begin() {
        room.begin();
    }

    // ---- groups

    /** A group is there, or has changed. */
    void open(GroupFacts facts) {
        known.put(facts.group().id(), facts);
        post(() -> room.open(facts));
    }

    /** A group is no more; its call ends. */
    void close(String id) {
        known.remove(id);
        post(() -> room.close(id));
    }

    // ---- who is there

    /** @return false where the participant has as many devices as it may */
    CompletableFuture<Boolean> connect(TalkClient client) {
        return ask(() -> room.connect(client));
    }

    /** Its ears are others now. */
    void mediaChanged(TalkClient client) {
        post(() -> {
            Hearing hearing = room.hearing(client);
            if (hearing != null) {
                hearing.mediaChanged(now());
            }
        });
    }

    void disconnect(TalkClient client) {
        post(() -> room.disconnect(client));
    }

    /** @return whether it follows the group now: it is a member, and follows not too many */
    CompletableFuture<Boolean> affiliate(Participant who, String id) {
        return ask(() -> {
            GroupCall group = room.group(id);
            return group != null && room.affiliate(who, group, Urgency.ROUTINE);
        });
    }

    void deaffiliate(Participant who, String id) {
        post(() -> room.deaffiliate(who, id));
    }

    /** A device hears the group from now on, and has no other part in it. */
    void listen(TalkClient device, String id) {
        post(() -> {
            GroupCall group = room.group(id);
            if (group != null) {
                group.listen(device);
            }
        });
    }

    void listenNoMore(TalkClient device, String id) {
        post(() -> {
            GroupCall group = room.group(id);
            if (group != null) {
                group.listenNoMore(device);
            }
        });
    }

    /** How a client scans its groups. @param priority higher goes first, 0 to 255 */
    void prefer(TalkClient client, String group, int priority, boolean mute) {
        post(() -> {
            Hearing hearing = room.hearing(client);
            if (hearing != null) {
                hearing.prefer(group, priority, mute, now());
            }
        });
    }

    // ---- the floor

    /** Answered by what the client is told: granted, denied or queued. Who is a member need not have affiliated before. */
    void request(TalkClient by, String id, int priority, Urgency urgency) {
        post(() -> {
            GroupCall group = room.group(id);
            Station station = room.station(by.participant());
            if (group == null || station == null || !isReachable(group, station, urgency)) {
                by.tell(new TalkNotice.FloorTold(
                        id, new FloorMessage.Deny(DenyCause.OTHER_REASON, "", FloorIndicator.NONE)));
                return;
            }
            group.request(station, by, priority, urgency);
            room.talks(group);
        });
    }

    private boolean isReachable(GroupCall group, Station station, Urgency urgency) {
        return group.facts().group().kind().isPrivate() || room.affiliate(station.who(), group, urgency);
    }

    void release(TalkClient by, String id) {
        inCall(by, id, group -> {
            group.call().release(by.participant(), now());
            return true;
        });
    }

    void queuePosition(TalkClient by, String id) {
        inCall(by, id, group -> {
            group.call().queuePosition(by.participant(), now());
            return true;
        });
    }

    /** A message of TS 24.380 that a client sent by RTCP. */
    void handle(TalkClient by, String id, FloorMessage message) {
        switch (message) {
            case FloorMessage.Request request ->
                request(by, id, request.priority(), request.indicator().urgency());
            case FloorMessage.Release release -> release(by, id);
            case FloorMessage.QueuePositionRequest position -> queuePosition(by, id);
            case FloorMessage.Ack ack ->
                inCall(by, id, group -> {
                    group.call().acknowledge(by.participant(), now());
                    return true;
                });
            default -> {} // what only a server says
        }
    }

    CompletableFuture<Boolean> cancelQueued(TalkClient by, String id, Participant whom) {
        return inCall(by, id, group -> group.call().cancelQueued(by.participant(), whom, now()));
    }

    CompletableFuture<Boolean> forcedRelease(TalkClient by, String id, Participant whom) {
        return inCall(by, id, group -> group.call().forcedRelease(by.participant(), whom, now()));
    }

    private interface Decision {
        boolean of(GroupCall group);
    }

    private CompletableFuture<Boolean> inCall(TalkClient by, String id, Decision decision) {
        return ask(() -> {
            GroupCall group = room.group(id);
            boolean done = group != null && decision.of(group);
            if (group != null) {
                group.settle();
            }
            return done;
        });
    }

    // ---- emergencies

    /**
     * Raises the group's state and asks for the floor.
     *
     * @param place GeoJSON Point
     * @return whether it may
     */
    CompletableFuture<Boolean> emergency(
            TalkClient by, String id, Urgency urgency, Optional<Map<String, Object>> place) {
        post(() -> room.emergencies().place(by.participant(), place));
        CompletableFuture<Boolean> raised =
                inCall(by, id, group -> group.call().raise(by.participant(), urgency, now()));
        request(by, id, 255, urgency);
        return raised;
    }

    CompletableFuture<Boolean> alert(TalkClient by, String id, Optional<Map<String, Object>> place) {
        post(() -> room.emergencies().place(by.participant(), place));
        return inCall(by, id, group -> group.call().alert(by.participant(), now()));
    }

    /** Cancels emergency, peril and alert of somebody. @return whether one may, and there was any */
    CompletableFuture<Boolean> cancel(Participant by, String id, Participant whom) {
        return ask(() -> {
            GroupCall group = room.group(id);
            if (group == null) {
                return false;
            }
            boolean emergency = group.call().cancel(by, whom, now());
            boolean alert = group.call().cancelAlert(by, whom);
            group.settle();
            return emergency || alert;
        });
    }

    /** After a restart: it is in an emergency since before. */
    void resume(String id, Participant who, Urgency urgency, boolean alert, Optional<Map<String, Object>> place) {
        post(() -> {
            GroupCall group = room.group(id);
            if (group == null) {
                return;
            }
            room.emergencies().place(who, place);
            room.emergencies().resume(group, who);
            if (urgency != Urgency.ROUTINE) {
                group.call().raise(who, urgency, now());
            }
            if (alert) {
                group.call().alert(who, now());
            }
            group.settle();
        });
    }

    // ---- private calls, patches

    /** @return the call's group; nothing where the other one may not be called or is not there, or one is in too many calls */
    CompletableFuture<Optional<String>> callPrivately(
            TalkClient by, Participant callee, boolean withFloor, OrganisationId owner) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        post(() -> {
            Station caller = room.station(by.participant());
            boolean reachable = room.station(callee) != null
                    && !callee.equals(by.participant())
                    && reach.test(by.participant().organisation(), callee.organisation());
            if (caller == null || !reachable) {
                answer.complete(Optional.empty());
                return;
            }
            TalkGroup two = TalkGroup.ofTwo(
                    Ids.urn("TalkGroup", ids.next()),
                    owner,
                    FloorPolicy.standard(),
                    by.participant(),
                    callee,
                    withFloor);
            GroupFacts facts = new GroupFacts(two, "", GroupFacts.Origin.PRIVATE, Optional.empty(), false);
            answer.complete(room.ring(facts, caller, by) ? Optional.of(two.id()) : Optional.empty());
        });
        return answer;
    }

    CompletableFuture<Boolean> accept(TalkClient by, String id) {
        return inCall(by, id, group -> {
            Station station = room.station(by.participant());
            if (station == null || !group.facts().group().kind().isPrivate() || !group.accept(station, by)) {
                return false;
            }
            room.talks(group);
            return true;
        });
    }

    /** Refuses, or ends, a private call; of a group by who may end it. */
    CompletableFuture<Boolean> end(TalkClient by, String id) {
        return inCall(by, id, group -> {
            boolean two = group.facts().group().kind().isPrivate();
            boolean own =
                    two && group.facts().group().membership(by.participant()).isPresent();
            boolean ended = own
                    ? group.call().joined().stream().findFirst().map(group::end).orElse(true)
                    : !two && group.end(by.participant());
            if (own) {
                by.tell(new TalkNotice.Released(id, CallEnd.BY_USER));
            }
            return ended;
        });
    }

    /**
     * Makes the floor of the other group one with this one's.
     *
     * @param by one who dispatches in both: has {@link Membership.Right#END_CALL} there
     * @return whether it may, both are there and in no other patch
     */
    CompletableFuture<Boolean> patch(Participant by, String id, String other) {
        return ofBoth(by, id, other, GroupCall::patch);
    }

    CompletableFuture<Boolean> unpatch(Participant by, String id, String other) {
        return ofBoth(by, id, other, GroupCall::unpatch);
    }

    private CompletableFuture<Boolean> ofBoth(
            Participant by, String id, String other, BiPredicate<GroupCall, GroupCall> what) {
        return ask(() -> {
            GroupCall one = room.group(id);
            GroupCall two = room.group(other);
            return one != null
                    && two != null
                    && one != two
                    && dispatches(by, one)
                    && dispatches(by, two)
                    && what.test(one, two);
        });
    }

    private static boolean dispatches(Participant who, GroupCall group) {
        return group.facts()
                .group()
                .membership(who)
                .map(membership -> membership.may(Membership.Right.END_CALL))
                .orElse(false);
    }

    // ---- how it is

    /** A group that is open now. */
    Optional<GroupFacts> facts(String group) {
        return Optional.ofNullable(known.get(group));
    }

    /** As of a moment ago. */
    CallState state(String group) {
        return room.state(group);
    }

    /** Those who are connected. */
    CompletableFuture<Set<Participant>> connected() {
        CompletableFuture<Set<Participant>> answer = new CompletableFuture<>();
        post(() -> answer.complete(room.connected()));
        return answer;
    }

    /** Inputs that wait. */
    int waiting() {
        return floor.waiting();
    }

    @Override
    public void close() {
        floor.close();
    }

    private void post(Runnable task) {
        floor.post(task);
    }

    private CompletableFuture<Boolean> ask(BooleanSupplier question) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        post(() -> {
            try {
                answer.complete(question.getAsBoolean());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
                throw e;
            }
        });
        return answer;
    }

    private long now() {
        return floor.now();
    }

    /** One who is connected. On the floor's thread. */
    @Nullable
    Station station(Participant who) {
        return room.station(who);
    }
}
