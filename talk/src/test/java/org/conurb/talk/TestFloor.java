package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.conurb.kernel.OrganisationId;
import org.conurb.talk.FloorMessage.Deny;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.QueuePositionInfo;
import org.conurb.talk.FloorMessage.Revoke;
import org.conurb.talk.FloorMessage.Taken;
import org.jspecify.annotations.Nullable;

/** An arbiter with a clock that is moved and outputs that are kept. Times in milliseconds. */
final class TestFloor implements FloorOutput {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final FloorTimers TIMERS = FloorTimers.standard();
    static final Participant ENGINE = seat("engine-1");
    static final Participant LADDER = seat("ladder-2");
    static final Participant MEDIC = seat("medic-3");
    static final Participant CHIEF = seat("chief");
    static final Participant DISPATCH = seat("dispatch");

    final FloorArbiter arbiter;
    final Map<Participant, List<FloorMessage>> told = new LinkedHashMap<>();
    final Set<Participant> open = new LinkedHashSet<>();
    final List<String> log = new ArrayList<>();
    int inactive;
    private long millis;

    TestFloor(TalkGroup group) {
        arbiter = new FloorArbiter(group, this);
    }

    static Participant seat(String name) {
        return new Participant("sip:" + name + "@alder.example", "sip:" + name + ".seat@alder.example", FIRE);
    }

    static TalkGroup group(CallKind kind, FloorPolicy policy, Map<Participant, Membership> members) {
        return new TalkGroup("sip:group@alder.example", kind, FIRE, policy, 100, members);
    }

    /** A group of engine, ladder, medic (priority 10), chief (220) and dispatch, who are all in the call. */
    static TestFloor pre(UnaryOperator<FloorPolicy> change) {
        return of(CallKind.PRE_ARRANGED, change.apply(FloorPolicy.standard()));
    }

    static TestFloor of(CallKind kind, FloorPolicy policy) {
        TestFloor floor = new TestFloor(group(kind, policy, crews()));
        floor.arbiter.group().members().forEach((who, membership) -> floor.join(who));
        floor.forget();
        return floor;
    }

    static Map<Participant, Membership> crews() {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(ENGINE, Membership.talking(10));
        members.put(LADDER, Membership.talking(10));
        members.put(MEDIC, Membership.talking(10));
        members.put(CHIEF, Membership.talking(220));
        members.put(DISPATCH, Membership.dispatching(250));
        return members;
    }

    static FloorPolicy with(FloorPolicy from, OverrideMode mode) {
        return new FloorPolicy(from.talkers(), from.queueLimit(), mode, from.preemptFrom(), from.timers());
    }

    static FloorPolicy talkers(FloorPolicy from, int talkers) {
        return new FloorPolicy(talkers, from.queueLimit(), from.override(), from.preemptFrom(), from.timers());
    }

    static FloorPolicy queue(FloorPolicy from, int limit) {
        return new FloorPolicy(from.talkers(), limit, from.override(), from.preemptFrom(), from.timers());
    }

    // ---- inputs

    void join(Participant who) {
        arbiter.join(who, arbiter.group().membership(who).orElseThrow(), true, nanos());
    }

    void joinUnreliably(Participant who) {
        arbiter.join(who, arbiter.group().membership(who).orElseThrow(), false, nanos());
    }

    void request(Participant who) {
        request(who, 255, Urgency.ROUTINE);
    }

    void request(Participant who, int priority) {
        request(who, priority, Urgency.ROUTINE);
    }

    void emergency(Participant who) {
        request(who, 0, Urgency.EMERGENCY);
    }

    void peril(Participant who) {
        request(who, 0, Urgency.IMMINENT_PERIL);
    }

    void request(Participant who, int priority, Urgency urgency) {
        arbiter.request(who, priority, urgency, nanos());
    }

    void release(Participant who) {
        arbiter.release(who, nanos());
    }

    void queuePosition(Participant who) {
        arbiter.queuePosition(who, nanos());
    }

    void leave(Participant who) {
        arbiter.leave(who, nanos());
    }

    boolean media(Participant who) {
        return arbiter.mediaArrived(who, nanos());
    }

    /** Somebody talks so long, a packet each 20 ms, while timers run as they should. */
    void talk(Participant who, long forMillis) {
        for (long end = millis + forMillis; millis < end; ) {
            media(who);
            pass(20);
        }
    }

    /** Lets time go by; ticks come when they are due. */
    void pass(long forMillis) {
        long end = nanos() + forMillis * 1_000_000;
        while (arbiter.nextTimer() <= end) {
            millis = Math.max(millis, Math.ceilDiv(arbiter.nextTimer(), 1_000_000L));
            arbiter.tick(nanos());
        }
        millis = end / 1_000_000;
        arbiter.tick(nanos());
    }

    void pass(Duration length) {
        pass(length.toMillis());
    }

    /** Time goes by and nobody calls {@link FloorArbiter#tick}. */
    void oversleep(Duration length) {
        millis += length.toMillis();
    }

    long nanos() {
        return millis * 1_000_000;
    }

    // ---- what came of it

    void forget() {
        told.clear();
        log.clear();
    }

    List<FloorMessage> told(Participant who) {
        return told.getOrDefault(who, List.of());
    }

    @Nullable
    FloorMessage last(Participant who) {
        return told(who).isEmpty() ? null : told(who).getLast();
    }

    int position(Participant who) {
        return last(who) instanceof QueuePositionInfo info ? info.position() : 0;
    }

    @Nullable
    DenyCause denied(Participant who) {
        return last(who) instanceof Deny deny ? deny.cause() : null;
    }

    List<RevokeCause> revoked(Participant who) {
        return told(who).stream()
                .filter(Revoke.class::isInstance)
                .map(message -> ((Revoke) message).cause())
                .toList();
    }

    long count(Participant who, Class<? extends FloorMessage> kind) {
        return told(who).stream().filter(kind::isInstance).count();
    }

    boolean wasGranted(Participant who) {
        return count(who, Granted.class) > 0;
    }

    boolean isTold(Participant who, Participant... talkers) {
        return last(who) instanceof Taken taken
                && taken.parties()
                        .equals(List.of(talkers).stream()
                                .map(Participant::party)
                                .toList());
    }

    boolean isToldIdle(Participant who) {
        return last(who) instanceof Idle;
    }

    @Override
    public void send(Participant to, FloorMessage message) {
        told.computeIfAbsent(to, one -> new ArrayList<>()).add(message);
        log.add(to.mcpttId().substring(4, to.mcpttId().indexOf('@')) + " "
                + message.getClass().getSimpleName());
    }

    @Override
    public void permit(Participant talker, boolean mayTalk) {
        if (mayTalk ? !open.add(talker) : !open.remove(talker)) {
            throw new AssertionError("The gate of " + talker + " is " + (mayTalk ? "open" : "shut") + " already.");
        }
        log.add((mayTalk ? "+" : "-")
                + talker.mcpttId().substring(4, talker.mcpttId().indexOf('@')));
    }

    @Override
    public void warn(Participant talker, Duration left) {
        log.add("warn " + left.toSeconds());
    }

    @Override
    public void inactive() {
        inactive++;
    }
}
