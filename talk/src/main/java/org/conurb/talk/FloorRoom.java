package org.conurb.talk;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Ids;
import org.conurb.media.Audience;
import org.conurb.media.Fanout;
import org.jspecify.annotations.Nullable;

/**
 * What the floor's thread owns: the calls of the site, who is connected, who follows which group, which talks go on. Confined
 * to that thread, but for {@link #state}, {@link #post} and {@link #onTalk}.
 */
final class FloorRoom {
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Groups one may follow at once (N2). */
    private static final int N2 = 100;

    private final FloorThread floor;
    private final Fanout fanout;
    private final CallLimits limits;
    private final Ids ids;
    private final Clock clock;
    private final EmergencyDesk emergencies = new EmergencyDesk();
    private final List<TalkListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, CallState> states = new ConcurrentHashMap<>();
    private final Map<String, GroupCall> groups = new HashMap<>();
    private final Map<Participant, Station> stations = new HashMap<>();
    private final Affiliations affiliations = new Affiliations(N2);
    private final Set<GroupCall> talking = new LinkedHashSet<>();
    private TalkNotice.@Nullable FloorTold lastTold;
    private long beatAt;

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

    FloorRoom(FloorThread floor, Fanout fanout, CallLimits limits, Ids ids, Clock clock) {
        this.floor = floor;
        this.fanout = fanout;
        this.limits = limits;
        this.ids = ids;
        this.clock = clock;
    }

    void begin() {
        Beat beat = new Beat();
        beat.next = now();
        post(() -> floor.schedule(new FloorThread.Timer(beat)));
    }

    void onTalk(TalkListener listener) {
        listeners.add(listener);
    }

    EmergencyDesk emergencies() {
        return emergencies;
    }

    void post(Runnable task) {
        floor.post(task);
    }

    long now() {
        return floor.now();
    }

    CallState state(String group) {
        return states.getOrDefault(group, CallState.NONE);
    }

    // ---- groups

    @Nullable
    GroupCall group(String id) {
        return groups.get(id);
    }

    void open(GroupFacts facts) {
        GroupCall group = groups.get(facts.group().id());
        if (group == null) {
            group = new GroupCall(this, facts, limits);
            groups.put(group.id(), group);
            group.settle();
        } else {
            group.update(facts);
        }
        show(group);
    }

    /** @return whether the caller may be in one more call */
    boolean ring(GroupFacts two, Station caller, TalkClient by) {
        GroupCall group = new GroupCall(this, two, limits);
        groups.put(group.id(), group);
        if (!group.ring(caller, by)) {
            groups.remove(group.id());
            states.remove(group.id());
            return false;
        }
        show(group);
        return true;
    }

    void close(String id) {
        GroupCall group = groups.remove(id);
        if (group == null) {
            return;
        }
        affiliations.of(group.facts().group()).forEach(who -> affiliations.deaffiliate(who, id));
        group.close();
        states.remove(id);
        talking.remove(group);
        toMembers(group, new TalkNotice.GroupGone(id));
    }

    // ---- who is there

    /** @return false where the participant has as many devices as it may */
    boolean connect(TalkClient client) {
        Station station = stations.computeIfAbsent(client.participant(), Station::new);
        if (station.isFull()) {
            return false;
        }
        boolean first = station.isGone();
        station.add(client);
        groups.values().forEach(group -> show(group, station, client));
        // A copy: one call that is joined may take the place of another.
        for (String id : List.copyOf(first ? affiliations.groups(station.who()) : station.calls())) {
            GroupCall group = groups.get(id);
            if (group != null && first) {
                group.arrive(station);
            } else if (group != null && station.calls().contains(id)) {
                group.join(station);
            }
        }
        return true;
    }

    void disconnect(TalkClient client) {
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
    }

    boolean affiliate(Participant who, GroupCall group, Urgency urgency) {
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
        affiliations.deaffiliate(who, id);
        GroupCall group = groups.get(id);
        Station station = stations.get(who);
        if (group != null && station != null) {
            group.leave(station);
            station.clients().forEach(client -> show(group, station, client));
        }
    }

    Set<Participant> connected() {
        return Set.copyOf(stations.keySet());
    }

    @Nullable
    Hearing hearing(TalkClient client) {
        Station station = stations.get(client.participant());
        return station == null ? null : station.hearing(client);
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

    /** Its talks are listened to from the next beat on. */
    void talks(GroupCall group) {
        talking.add(group);
    }

    void ended(Talk talk) {
        for (TalkListener listener : listeners) {
            listener.ended(talk, clock.instant());
        }
    }

    void toMembers(GroupCall group, TalkNotice notice) {
        members(group).forEach(station -> station.tell(notice));
    }

    /** Those of its members who are connected: of a small group among thousands of stations only its own are looked for. */
    private List<Station> members(GroupCall group) {
        Set<Participant> members = group.facts().group().members().keySet();
        if (members.size() < stations.size()) {
            return members.stream().map(stations::get).filter(Objects::nonNull).toList();
        }
        return stations.values().stream()
                .filter(station -> members.contains(station.who()))
                .toList();
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
                hearing.tick(now);
            }
        }
        List<GroupCall> over = new ArrayList<>();
        for (GroupCall group : groups.values()) {
            group.tickListeners(now);
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
        for (Station station : members(group)) {
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
