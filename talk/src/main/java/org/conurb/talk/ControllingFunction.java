package org.conurb.talk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.media.Audience;
import org.conurb.media.Fanout;
import org.jspecify.annotations.Nullable;

/**
 * The controlling MCPTT function of the site (TS 23.379 7.4.2.3.3): all its calls, who is connected, who hears whom. Decides
 * on one thread of its own; may be called from any, and never makes a caller wait. A future tells whether what was asked was
 * done; it completes on the floor's thread.
 */
final class ControllingFunction implements AutoCloseable {
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Groups one may follow at once (N2). */
    private static final int N2 = 100;

    private final FloorThread floor;
    private final Fanout fanout;
    private final CallLimits limits;
    private final BiPredicate<OrganisationId, OrganisationId> reach;
    private final Ids ids;
    private final Clock clock;
    private final List<TalkListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, CallState> states = new ConcurrentHashMap<>();
    private final Map<String, GroupFacts> known = new ConcurrentHashMap<>();
    private volatile EmergencyBook book = new Nobody();

    // of the floor's thread
    private final Map<String, GroupCall> groups = new HashMap<>();
    private final Map<Participant, Station> stations = new HashMap<>();
    private final Affiliations affiliations = new Affiliations(N2);
    private final Map<Participant, Map<String, Object>> places = new HashMap<>();
    private final Set<String> booked = new HashSet<>();
    private final Set<GroupCall> talking = new LinkedHashSet<>();
    private TalkNotice.@Nullable FloorTold lastTold;
    private long beatAt;

    private static final class Nobody implements EmergencyBook {
        @Override
        public void raised(
                GroupFacts group,
                Participant who,
                Urgency urgency,
                boolean alert,
                Optional<Map<String, Object>> place) {}

        @Override
        public void ended(GroupFacts group, Participant who) {}
    }

    private final class Beat implements FloorThread.Timed {
        private long next;

        @Override
        public long nextTimer() {
            return next;
        }

        @Override
        public void tick(long now) {
            beat(now);
            next = now + BEAT_NANOS;
        }
    }

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
        this.fanout = fanout;
        this.limits = limits;
        this.reach = reach;
        this.ids = ids;
        this.clock = clock;
    }

    /** Told of every talk from now on; named before {@link #start}. */
    void onTalk(TalkListener listener) {
        listeners.add(listener);
    }

    void book(EmergencyBook emergencies) {
        book = emergencies;
    }

    void start() {
        floor.start();
        begin();
    }

    /** As {@link #start}, for a floor whose work is done by hand. */
    void begin() {
        Beat beat = new Beat();
        beat.next = floor.now();
        post(() -> floor.schedule(new FloorThread.Timer(beat)));
    }

    // ---- groups

    /** A group is there, or has changed. */
    void open(GroupFacts facts) {
        known.put(facts.group().id(), facts);
        post(() -> {
            GroupCall group = groups.get(facts.group().id());
            if (group == null) {
                group = new GroupCall(this, facts, limits);
                groups.put(group.id(), group);
                group.settle();
            } else {
                group.update(facts);
            }
            show(group);
        });
    }

    /** A group is no more; its call ends. */
    void close(String id) {
        known.remove(id);
        post(() -> {
            GroupCall group = groups.remove(id);
            if (group == null) {
                return;
            }
            affiliations.of(group.facts().group()).forEach(who -> affiliations.deaffiliate(who, id));
            group.close();
            states.remove(id);
            talking.remove(group);
            toMembers(group, new TalkNotice.GroupGone(id));
        });
    }

    // ---- who is there

    /** @return false where the participant has as many devices as it may */
    CompletableFuture<Boolean> connect(TalkClient client) {
        return ask(() -> {
            Station station = stations.computeIfAbsent(client.participant(), Station::new);
            if (station.isFull()) {
                return false;
            }
            boolean first = station.isGone();
            station.add(client);
            groups.values().forEach(group -> show(group, station, client));
            for (String id : first ? affiliations.groups(station.who()) : station.calls()) {
                GroupCall group = groups.get(id);
                if (group != null && first) {
                    group.arrive(station);
                } else if (group != null) {
                    group.join(station);
                }
            }
            return true;
        });
    }

    /** Its ears are others now. */
    void mediaChanged(TalkClient client) {
        post(() -> {
            Station station = stations.get(client.participant());
            Hearing hearing = station == null ? null : station.hearing(client);
            if (hearing != null) {
                hearing.mediaChanged(now());
            }
        });
    }

    void disconnect(TalkClient client) {
        post(() -> {
            Station station = stations.get(client.participant());
            Hearing hearing = station == null ? null : station.remove(client);
            if (station == null || hearing == null) {
                return;
            }
            hearing.close();
            for (String id : List.copyOf(station.calls())) {
                GroupCall group = groups.get(id);
                if (group != null) {
                    group.lost(station, client, hearing);
                    if (station.isGone()) {
                        group.leave(station);
                    }
                }
            }
            client.mouth().silence();
            if (station.isGone()) {
                stations.remove(station.who());
            }
        });
    }

    /** @return whether it follows the group now: it is a member, and follows not too many */
    CompletableFuture<Boolean> affiliate(Participant who, String id) {
        return ask(() -> {
            GroupCall group = groups.get(id);
            return group != null && affiliate(who, group, Urgency.ROUTINE);
        });
    }

    private boolean affiliate(Participant who, GroupCall group, Urgency urgency) {
        if (affiliations.groups(who).contains(group.id())) {
            return true;
        }
        if (!affiliations.affiliate(who, group.facts().group(), urgency)) {
            return false;
        }
        Station station = stations.get(who);
        if (station != null) {
            group.arrive(station);
            station.clients().forEach(client -> show(group, station, client));
        }
        return true;
    }

    void deaffiliate(Participant who, String id) {
        post(() -> {
            affiliations.deaffiliate(who, id);
            GroupCall group = groups.get(id);
            Station station = stations.get(who);
            if (group != null && station != null) {
                group.leave(station);
                station.clients().forEach(client -> show(group, station, client));
            }
        });
    }

    /** A device hears the group from now on, and has no other part in it. */
    void listen(TalkClient device, String id) {
        post(() -> {
            GroupCall group = groups.get(id);
            if (group != null) {
                group.listen(device);
            }
        });
    }

    void listenNoMore(TalkClient device, String id) {
        post(() -> {
            GroupCall group = groups.get(id);
            if (group != null) {
                group.listenNoMore(device);
            }
        });
    }

    /** How a client scans its groups. @param priority higher goes first, 0 to 255 */
    void prefer(TalkClient client, String group, int priority, boolean mute) {
        post(() -> {
            Station station = stations.get(client.participant());
            Hearing hearing = station == null ? null : station.hearing(client);
            if (hearing != null) {
                hearing.prefer(group, priority, mute, now());
            }
        });
    }

    // ---- the floor

    /** Answered by what the client is told: granted, denied or queued. Who is a member need not have affiliated before. */
    void request(TalkClient by, String id, int priority, Urgency urgency) {
        post(() -> {
            GroupCall group = groups.get(id);
            Station station = stations.get(by.participant());
            if (group == null || station == null || !isReachable(group, station, urgency)) {
                by.tell(new TalkNotice.FloorTold(
                        id, new FloorMessage.Deny(DenyCause.OTHER_REASON, "", FloorIndicator.NONE)));
                return;
            }
            group.request(station, by, priority, urgency);
            talking.add(group);
        });
    }

    private boolean isReachable(GroupCall group, Station station, Urgency urgency) {
        return group.facts().group().kind().isPrivate() || affiliate(station.who(), group, urgency);
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
            GroupCall group = groups.get(id);
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
        place.ifPresent(where -> post(() -> places.put(by.participant(), where)));
        CompletableFuture<Boolean> raised =
                inCall(by, id, group -> group.call().raise(by.participant(), urgency, now()));
        request(by, id, 255, urgency);
        return raised;
    }

    CompletableFuture<Boolean> alert(TalkClient by, String id, Optional<Map<String, Object>> place) {
        place.ifPresent(where -> post(() -> places.put(by.participant(), where)));
        return inCall(by, id, group -> group.call().alert(by.participant(), now()));
    }

    /** Cancels emergency, peril and alert of somebody. @return whether one may, and there was any */
    CompletableFuture<Boolean> cancel(Participant by, String id, Participant whom) {
        return ask(() -> {
            GroupCall group = groups.get(id);
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
            GroupCall group = groups.get(id);
            if (group == null) {
                return;
            }
            place.ifPresent(where -> places.put(who, where));
            booked.add(id + ' ' + who.mcpttId());
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
            Station caller = stations.get(by.participant());
            boolean reachable = stations.containsKey(callee)
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
            GroupCall group = new GroupCall(this, facts, limits);
            groups.put(two.id(), group);
            if (group.ring(caller, by)) {
                show(group);
                answer.complete(Optional.of(two.id()));
            } else {
                groups.remove(two.id());
                states.remove(two.id());
                answer.complete(Optional.empty());
            }
        });
        return answer;
    }

    CompletableFuture<Boolean> accept(TalkClient by, String id) {
        return inCall(by, id, group -> {
            Station station = stations.get(by.participant());
            if (station == null || !group.facts().group().kind().isPrivate() || !group.accept(station, by)) {
                return false;
            }
            talking.add(group);
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
            GroupCall one = groups.get(id);
            GroupCall two = groups.get(other);
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
        return states.getOrDefault(group, CallState.NONE);
    }

    /** Those who are connected. */
    CompletableFuture<Set<Participant>> connected() {
        CompletableFuture<Set<Participant>> answer = new CompletableFuture<>();
        post(() -> answer.complete(Set.copyOf(stations.keySet())));
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

    // ---- for its calls, on the floor's thread

    void post(Runnable task) {
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

    long now() {
        return floor.now();
    }

    @Nullable
    Station station(Participant who) {
        return stations.get(who);
    }

    /** Those who follow the group and are connected. */
    Set<Participant> affiliated(TalkGroup group) {
        Set<Participant> there = new LinkedHashSet<>(affiliations.of(group));
        there.retainAll(stations.keySet());
        return there;
    }

    void schedule(FloorThread.Timer timer) {
        floor.schedule(timer);
    }

    void publish(GroupCall group, CallState state) {
        if (groups.get(group.id()) == group) {
            states.put(group.id(), state);
        }
    }

    /** The same notice for the same message. */
    TalkNotice told(String group, FloorMessage message) {
        TalkNotice.FloorTold last = lastTold;
        if (last == null || last.message() != message || !last.group().equals(group)) {
            last = new TalkNotice.FloorTold(group, message);
            lastTold = last;
        }
        return last;
    }

    Transmission begin(GroupCall group, Participant talker, Urgency urgency, TalkClient from) {
        Talk talk = new Talk(ids.next(), group.facts(), talker, clock.instant(), urgency);
        Audience audience = fanout.audience();
        for (TalkListener listener : listeners) {
            listener.began(talk).ifPresent(audience::add);
        }
        talking.add(group);
        return new Transmission(talk, from, audience);
    }

    void ended(Talk talk) {
        for (TalkListener listener : listeners) {
            listener.ended(talk, clock.instant());
        }
    }

    void toMembers(GroupCall group, TalkNotice notice) {
        for (Station station : stations.values()) {
            if (group.facts().group().membership(station.who()).isPresent()) {
                station.tell(notice);
            }
        }
    }

    EmergencyBook book() {
        return book;
    }

    void book(GroupCall group, Participant who, Urgency urgency, boolean alert) {
        if (urgency != Urgency.ROUTINE || alert) {
            booked.add(group.id() + ' ' + who.mcpttId());
            book.raised(group.facts(), who, urgency, alert, Optional.ofNullable(places.get(who)));
        }
    }

    boolean isBooked(GroupCall group, Participant who) {
        return booked.contains(group.id() + ' ' + who.mcpttId());
    }

    void unbook(GroupCall group, Participant who) {
        booked.remove(group.id() + ' ' + who.mcpttId());
        book.ended(group.facts(), who);
    }

    // ---- the beat

    private void beat(long now) {
        talking.removeIf(group -> {
            group.hear(beatAt);
            return !group.hasTalk();
        });
        beatAt = now;
        for (Station station : stations.values()) {
            for (Hearing hearing : station.hearings()) {
                if (hearing.isScanning()) {
                    hearing.tick(now);
                }
            }
        }
        List<GroupCall> over = new ArrayList<>();
        for (GroupCall group : groups.values()) {
            boolean queueChanged = group.takeQueueChanged();
            if (group.takeChanged()) {
                show(group);
            } else if (queueChanged) {
                showQueue(group);
            }
            if (group.facts().origin() == GroupFacts.Origin.PRIVATE
                    && group.call().size() == 0) {
                over.add(group);
            }
        }
        over.forEach(group -> close(group.id()));
    }

    private void show(GroupCall group) {
        for (Station station : stations.values()) {
            station.clients().forEach(client -> show(group, station, client));
        }
    }

    private void showQueue(GroupCall group) {
        for (Map.Entry<Participant, Membership> each :
                group.facts().group().members().entrySet()) {
            Station station =
                    each.getValue().may(Membership.Right.CANCEL_REQUESTS) ? stations.get(each.getKey()) : null;
            if (station != null) {
                station.clients().forEach(client -> show(group, station, client));
            }
        }
    }

    private void show(GroupCall group, Station station, TalkClient client) {
        if (group.facts().group().membership(station.who()).isPresent()) {
            boolean affiliated = affiliations.groups(station.who()).contains(group.id());
            client.tell(new TalkNotice.GroupShown(group.facts(), state(group.id()), affiliated));
        }
    }
}
