package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One group's call on the floor's thread: joins {@link Call}, which decides, to the clients that are told and the audiences
 * that hear. What a call says while it decides is done at once, but for invitations, which come into it again.
 */
final class GroupCall implements CallOutput, FloorThread.Timed {
    private static final Duration EMERGENCY_TIME_OUT = Duration.ofHours(4);
    private static final long RING_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final FloorRoom site;
    private final Call call;
    private final FloorThread.Timer timer = new FloorThread.Timer(this);
    private final Map<Participant, TalkClient> pressed = new HashMap<>();
    private final Map<Participant, Transmission> transmissions = new LinkedHashMap<>(2);
    /** Devices that only listen. */
    private final Map<TalkClient, Hearing> devices = new LinkedHashMap<>(0);

    private final Set<Participant> distressed = new LinkedHashSet<>(2);
    private final List<Participant> invited = new ArrayList<>();
    private final List<GroupCall> patchedHere = new ArrayList<>(0);
    private @Nullable GroupCall host;
    private GroupFacts facts;
    private long ringsUntil = FloorArbiter.NEVER;
    private List<Participant> waiting = List.of();
    private boolean changed;
    private boolean queueChanged;

    GroupCall(FloorRoom site, GroupFacts facts, CallLimits limits) {
        this.site = site;
        this.facts = facts;
        this.call = new Call(facts.group(), limits, EMERGENCY_TIME_OUT, this);
    }

    GroupFacts facts() {
        return facts;
    }

    String id() {
        return facts.group().id();
    }

    Call call() {
        return call;
    }

    /** Whether people should be shown it anew; asking forgets. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Whether those who may take requests out of the queue should be; asking forgets. */
    boolean takeQueueChanged() {
        boolean was = queueChanged;
        queueChanged = false;
        return was;
    }

    // ---- what happens to it

    void update(GroupFacts now) {
        facts = now;
        call.update(now.group(), site.now());
        settle();
    }

    /** One who is affiliated is there now: a call that runs, or a chat, takes it in. */
    void arrive(Station station) {
        if (facts.group().kind() == CallKind.CHAT) {
            join(station);
        } else {
            call.affiliated(station.who());
        }
        settle();
    }

    /** Comes in, or again by another device. */
    boolean join(Station station) {
        boolean in = call.join(station.who(), station.isReliable(), site.now()) == Call.Entry.IN;
        if (in) {
            entered(station);
        }
        settle();
        return in;
    }

    private void entered(Station station) {
        station.calls().add(id());
        long now = site.now();
        for (GroupCall each : floorMates()) {
            for (Transmission talk : each.transmissions.values()) {
                if (!talk.talk().talker().equals(station.who())) {
                    talk.beginFor(List.copyOf(station.hearings()), now);
                }
            }
        }
    }

    void leave(Station station) {
        call.leave(station.who(), site.now());
        left(station);
        settle();
    }

    private void left(Station station) {
        station.calls().remove(id());
        pressed.remove(station.who());
        List<GroupCall> mates = floorMates();
        if (mates.stream().anyMatch(each -> station.calls().contains(each.id()))) {
            return; // it is in another group of the patch
        }
        for (GroupCall each : mates) {
            for (Transmission talk : each.transmissions.values()) {
                station.hearings().forEach(hearing -> talk.endFor(hearing, site.now()));
            }
        }
    }

    /** A device goes while others of the same participant stay. */
    void lost(Station station, TalkClient client, Hearing hearing) {
        for (GroupCall each : floorMates()) {
            each.transmissions.values().forEach(talk -> talk.forget(hearing));
        }
        if (pressed.get(station.who()) == client) {
            pressed.remove(station.who());
            call.release(station.who(), site.now());
        }
        settle();
    }

    void request(Station station, TalkClient by, int priority, Urgency urgency) {
        Participant who = station.who();
        if (!transmissions.containsKey(who)) {
            pressed.put(who, by);
        }
        call.raise(who, urgency, site.now()); // which opens every limit, so before it comes in
        Call.Entry entry = station.calls().contains(id()) ? Call.Entry.IN : enter(station, by);
        if (entry != Call.Entry.IN) {
            by.tell(new TalkNotice.FloorTold(id(), new FloorMessage.Deny(reason(entry), "", FloorIndicator.NONE)));
            settle();
            return;
        }
        call.request(who, priority, urgency, site.now());
        distressed.add(who);
        settle();
    }

    /** Who asks begins the call, or answers the private call that rings. */
    private Call.Entry enter(Station station, TalkClient by) {
        if (facts.group().kind().isPrivate()) {
            return accept(station, by) ? Call.Entry.IN : Call.Entry.TOO_MANY_CALLS;
        }
        Call.Entry entry = call.begin(station.who(), station.isReliable(), site.affiliated(facts.group()), site.now());
        if (entry == Call.Entry.IN) {
            entered(station);
            joinInvited();
        }
        return entry;
    }

    private static DenyCause reason(Call.Entry entry) {
        return entry == Call.Entry.NOT_A_MEMBER ? DenyCause.RECEIVE_ONLY : DenyCause.OTHER_REASON;
    }

    /** Begins a private call; the other one is rung. @return whether the caller may be in one more (N10) */
    boolean ring(Station caller, TalkClient by) {
        pressed.put(caller.who(), by);
        ringsUntil = site.now() + RING_NANOS;
        Call.Entry entry = call.begin(
                caller.who(), caller.isReliable(), facts.group().members().keySet(), site.now());
        if (entry == Call.Entry.IN) {
            entered(caller);
        }
        settle();
        return entry == Call.Entry.IN;
    }

    /** @return whether it was rung, and may be in one more call; else it rings on */
    boolean accept(Station station, TalkClient by) {
        if (call.size() != 1 || station.calls().contains(id())) {
            return false;
        }
        pressed.put(station.who(), by);
        if (!join(station)) {
            pressed.remove(station.who());
            return false;
        }
        ringsUntil = FloorArbiter.NEVER;
        changed = true;
        settle();
        return true;
    }

    boolean end(Participant by) {
        boolean ended = call.end(by, site.now());
        settle();
        return ended;
    }

    /** For everyone: the group is no more. */
    void close() {
        if (host != null) {
            host.unpatch(this);
        }
        List.copyOf(patchedHere).forEach(this::unpatch);
        for (Participant one : call.joined()) {
            Station station = site.station(one);
            if (station != null) {
                leave(station);
            }
        }
        List.copyOf(transmissions.keySet()).forEach(talker -> permit(talker, false));
        List.copyOf(distressed).forEach(who -> site.emergencies().ended(this, who));
    }

    void listen(TalkClient device) {
        Hearing hearing = new Hearing(device);
        devices.put(device, hearing);
        changed = true;
        hearRunning(hearing);
        settle();
    }

    private void hearRunning(Hearing device) {
        for (GroupCall each : floorMates()) {
            each.transmissions.values().forEach(talk -> talk.beginFor(List.of(device), site.now()));
        }
    }

    /** Each half second: what its loudspeakers hear of several talks. */
    void tickListeners(long now) {
        for (Hearing device : devices.values()) {
            device.tick(now);
        }
    }

    void listenNoMore(TalkClient device) {
        Hearing hearing = devices.remove(device);
        if (hearing != null) {
            floorMates().forEach(each -> each.transmissions.values().forEach(talk -> talk.forget(hearing)));
            hearing.close();
            changed = true;
            settle();
        }
    }

    boolean patch(GroupCall other) {
        boolean patchable = FloorArbiter.isPatchable(facts.group()) && FloorArbiter.isPatchable(other.facts.group());
        if (!patchable || host != null || other.host != null || !other.patchedHere.isEmpty()) {
            return false;
        }
        call.patch(other.call, site.now());
        patchedHere.add(other);
        other.host = this;
        for (GroupCall each : floorMates()) {
            call(each).forEach(each::entered);
            each.devices.values().forEach(this::hearRunning);
        }
        both(other);
        return true;
    }

    boolean unpatch(GroupCall other) {
        if (other.host != this) {
            return false;
        }
        patchedHere.remove(other);
        other.host = null;
        List<GroupCall> stay = floorMates();
        List<Transmission> here = stay.stream()
                .flatMap(each -> each.transmissions.values().stream())
                .toList();
        List<Transmission> there = List.copyOf(other.transmissions.values());
        call.unpatch(other.call, site.now());
        part(other, here, stay);
        stay.forEach(each -> part(each, there, List.of(other)));
        both(other);
        return true;
    }

    /** Who is in this group, and in none of those, hears no more what is said there. */
    private void part(GroupCall group, List<Transmission> talks, List<GroupCall> those) {
        List<Hearing> hearings = new ArrayList<>(group.devices.values());
        for (Station station : call(group)) {
            if (those.stream().noneMatch(each -> station.calls().contains(each.id()))) {
                hearings.addAll(station.hearings());
            }
        }
        talks.forEach(talk -> hearings.forEach(hearing -> talk.endFor(hearing, site.now())));
    }

    private void both(GroupCall other) {
        changed = true;
        other.changed = true;
        settle();
        other.settle();
    }

    private List<Station> call(GroupCall group) {
        List<Station> stations = new ArrayList<>();
        for (Participant one : group.call.joined()) {
            Station station = site.station(one);
            if (station != null) {
                stations.add(station);
            }
        }
        return stations;
    }

    /** Those whose floor is one with this one's, itself among them. */
    private List<GroupCall> floorMates() {
        GroupCall first = host == null ? this : host;
        if (first.patchedHere.isEmpty()) {
            return List.of(this);
        }
        List<GroupCall> mates = new ArrayList<>(first.patchedHere);
        mates.addFirst(first);
        return mates;
    }

    /** Each second: whose packets passed has not fallen silent (T1). */
    void hear(long since) {
        for (Transmission talk : List.copyOf(transmissions.values())) {
            if (talk.from().mouth().isHeard(talk.audience(), since)) {
                call.mediaArrived(talk.talk().talker(), site.now());
            }
        }
        settle();
    }

    boolean hasTalk() {
        return !transmissions.isEmpty();
    }

    /** After each input: what it led to is shown, and when to look again. */
    void settle() {
        floorMates().forEach(each -> each.call.settle(site.now()));
        joinInvited();
        distressed.removeIf(who -> {
            boolean over = call.urgency(who) == Urgency.ROUTINE && !call.hasAlert(who);
            if (over && site.emergencies().isBooked(this, who)) {
                site.emergencies().ended(this, who);
                changed = true;
            }
            return over;
        });
        for (GroupCall each : floorMates()) {
            each.publish();
        }
        site.schedule(timer);
    }

    private void publish() {
        CallState state = state();
        queueChanged |= !state.waiting().equals(waiting);
        waiting = state.waiting();
        site.publish(this, state);
    }

    private void joinInvited() {
        while (!invited.isEmpty()) {
            Participant one = invited.removeLast();
            Station station = site.station(one);
            if (station != null && call.join(one, station.isReliable(), site.now()) == Call.Entry.IN) {
                entered(station);
            }
        }
    }

    private CallState state() {
        List<CallState.Distress> all = new ArrayList<>(distressed.size());
        for (Participant who : distressed) {
            all.add(new CallState.Distress(who, call.urgency(who), call.hasAlert(who)));
        }
        return new CallState(
                call.inProgress(),
                call.talkers(),
                call.waiting(),
                call.size() + devices.size(),
                List.copyOf(all),
                Optional.ofNullable(host).map(GroupCall::id));
    }

    // ---- time

    @Override
    public long nextTimer() {
        return Math.min(call.nextTimer(), ringsUntil);
    }

    @Override
    public void tick(long now) {
        if (now >= ringsUntil) {
            ringsUntil = FloorArbiter.NEVER;
            call.joined().stream().findFirst().ifPresent(this::end);
        }
        call.tick(now);
        settle();
    }

    // ---- what the call does

    @Override
    public void send(Participant to, FloorMessage message) {
        Station station = site.station(to);
        if (station == null) {
            return;
        }
        TalkNotice notice = site.told(id(), message);
        TalkClient client = pressed.get(to);
        boolean toOne = message instanceof FloorMessage.Granted
                || message instanceof FloorMessage.Deny
                || message instanceof FloorMessage.Revoke
                || message instanceof FloorMessage.QueuePositionInfo;
        if (toOne && client != null) {
            client.tell(notice);
        } else {
            station.tell(notice);
        }
    }

    @Override
    public void permit(Participant talker, boolean mayTalk) {
        Transmission was = transmissions.remove(talker);
        if (was != null) {
            was.end(site.now());
            site.ended(was.talk());
        }
        Station station = site.station(talker);
        if (!mayTalk || station == null) {
            return;
        }
        TalkClient from =
                pressed.getOrDefault(talker, station.clients().iterator().next());
        Transmission talk = site.begin(this, talker, call.urgency(talker), from);
        transmissions.put(talker, talk);
        List<Hearing> hearings = new ArrayList<>();
        for (GroupCall each : floorMates()) {
            hearings.addAll(each.devices.values());
            each.call.forEachJoined(one -> {
                Station other = one.equals(talker) ? null : site.station(one);
                if (other != null) {
                    hearings.addAll(other.hearings());
                }
            });
        }
        talk.beginFor(hearings, site.now());
        from.mouth().permit(talk.audience(), () -> site.post(() -> heardFirst(talk)));
    }

    private void heardFirst(Transmission talk) {
        if (transmissions.get(talk.talk().talker()) == talk) {
            call.mediaArrived(talk.talk().talker(), site.now());
            settle();
        }
    }

    @Override
    public void warn(Participant talker, Duration left) {
        tell(talker, new TalkNotice.Warning(id(), left));
    }

    @Override
    public void invite(Participant who) {
        if (facts.group().kind().isPrivate()) {
            Participant by = call.joined().getFirst();
            tell(who, new TalkNotice.Invited(id(), by, facts.group().kind().hasFloor()));
        } else {
            invited.add(who);
        }
    }

    @Override
    public void released(Participant who, CallEnd why) {
        Station station = site.station(who);
        if (station != null) {
            left(station);
        }
        tell(who, new TalkNotice.Released(id(), why));
        changed = true;
    }

    @Override
    public void inProgress(Urgency urgency, Participant by) {
        distressed.add(by);
        changed = true;
        TalkNotice notice = new TalkNotice.Progress(id(), urgency, by);
        site.toMembers(this, notice);
        site.emergencies().raised(this, by, call.urgency(by), call.hasAlert(by));
    }

    @Override
    public void alert(Participant who, boolean out) {
        distressed.add(who);
        changed = true;
        site.toMembers(this, new TalkNotice.Alert(id(), who, out));
        site.emergencies().raised(this, who, call.urgency(who), call.hasAlert(who));
    }

    private void tell(Participant who, TalkNotice notice) {
        Station station = site.station(who);
        if (station != null) {
            station.tell(notice);
        }
    }
}
