package org.conurb.talk;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.conurb.kernel.Ids;
import org.conurb.media.Fanout;
import org.conurb.media.RtpSink;
import org.conurb.talk.Membership.Right;
import org.jspecify.annotations.Nullable;

/**
 * One life of a site, made by chance of a seed: several groups of all kinds, people with two devices each, scanning
 * listeners, patches, private calls, emergencies. The real controlling function does it, without its thread. After each step
 * {@link SiteChecker} looks at all that came out. The same seed gives the same life.
 */
final class SiteSchedule {
    /** What is broken on purpose, to see that it is found. */
    enum Fault {
        NONE,
        /** Devices that go do so unnoticed. */
        LOSSES_UNNOTICED,
        /** Emergencies that are cancelled go on. */
        CANCELS_UNHEARD,
        /** Emergencies are asked for as routine. */
        URGENCY_IGNORED,
        /** What is muted is heard. */
        MUTES_UNHEARD,
        /** Scan priorities do not count. */
        PRIORITIES_UNHEARD,
        /** Groups that are parted stay patched. */
        PARTINGS_UNHEARD
    }

    private static final long MILLI = 1_000_000;
    private static final int TRACE = 60;
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final long seed;
    private final Fault fault;
    private final Random random;
    private final Chance chance;
    private final Deque<String> trace = new ArrayDeque<>();
    private final List<Person> people = new ArrayList<>();
    private final Map<TestClient, String> loudspeakers = new LinkedHashMap<>();
    private final CallLimits limits;
    private final ControllingFunction site;
    private final FloorThread floor = new FloorThread(() -> this.now) {
        @Override
        void failed(RuntimeException defect) {
            throw defect;
        }
    };
    private final SiteChecker checker;
    private long now = 1_000 * MILLI;
    private int steps;
    private int groupsMade;

    /** One with a device to talk by, and another that only hears beside it. */
    static final class Person {
        final Participant who;
        final TestClient first;
        final TestClient second;
        boolean here;
        boolean twice;

        Person(Participant who, int ears, int more) {
            this.who = who;
            first = new TestClient(who + " 1", who, ears);
            second = new TestClient(who + " 2", who, more);
        }
    }

    SiteSchedule(long seed, Fault fault) {
        this.seed = seed;
        this.fault = fault;
        random = new Random(seed);
        random.nextInt();
        chance = new Chance(random);
        int nc4 = chance.of(1, 2, 3, 10);
        int n10 = chance.of(1, 1, 2);
        limits = new CallLimits(nc4, 16, n10);
        Clock clock = Clock.fixed(START, ZoneOffset.UTC);
        site = new ControllingFunction(
                floor, new Fanout(() -> now), limits, (one, other) -> true, new Ids(clock, new Random(seed)), clock);
        checker = new SiteChecker(site, limits, nc4, n10);
        site.onTalk(new TalkListener() {
            @Override
            public Optional<RtpSink> began(Talk talk) {
                note("   talk of %s begins in %s".formatted(talk.talker(), talk.group()));
                checker.began(talk, now);
                return Optional.empty();
            }

            @Override
            public void ended(Talk talk, Instant at) {
                note("   talk of %s ends in %s".formatted(talk.talker(), talk.group()));
                checker.ended(talk);
            }
        });
        site.begin();
        for (int i = 0, all = 4 + chance.below(4); i < all; i++) {
            people.add(new Person(TestFloor.seat("p" + i), 1 + chance.below(3), chance.below(3)));
        }
        for (int i = 0, all = 2 + chance.below(4); i < all; i++) {
            open();
        }
        people.forEach(this::connect);
        for (Person person : people) {
            for (String group : checker.standing()) {
                if (chance.percent(70)) {
                    affiliate(person, group);
                }
                if (chance.percent(50)) {
                    prefer(person.first, group);
                }
            }
        }
        settle();
    }

    /**
     * @return how many steps there were
     * @throws AssertionError with the seed and what happened last
     */
    int run() {
        try {
            for (int left = 60 + chance.below(120); left > 0; left--) {
                goOn();
                step();
                settle();
            }
            comeToRest();
            return steps;
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "Site of seed %d, step %d: %s%nAlone: -Dconurb.talk.seed=%d -Dconurb.talk.schedules=1%nLast of it:%n%s"
                            .formatted(seed, steps, failure, seed, shortened(String.join("\n", trace))),
                    failure);
        }
    }

    private static String shortened(String trace) {
        return trace.replaceAll("sip:(p\\d)(\\.seat)?@alder.example", "$1");
    }

    private void note(String what) {
        trace.addLast(what);
        if (trace.size() > TRACE) {
            trace.removeFirst();
        }
    }

    private void settle() {
        steps++;
        floor.work();
        for (Person person : people) {
            checker.ears().told(person.first, now);
            checker.ears().told(person.second, now);
        }
        loudspeakers.keySet().forEach(client -> checker.ears().told(client, now));
        checker.check(now);
    }

    private void goOn() {
        switch (chance.below(12)) {
            case 0, 1, 2, 3 -> {} // the same moment
            case 4, 5, 6, 7 -> pass(chance.below(100) * MILLI);
            case 8, 9 -> pass(chance.below(1_500) * MILLI);
            case 10 -> pass(Math.max(0, floor.nextTimer() - now));
            default -> pass(chance.percent(3) ? Duration.ofHours(4).toNanos() : 8_000 * MILLI);
        }
    }

    /** Mostly on time; sometimes the thread oversleeps. */
    private void pass(long nanos) {
        long until = now + nanos;
        while (nanos < 60_000 * MILLI && floor.nextTimer() < until && !chance.percent(2)) {
            now = Math.max(now, floor.nextTimer());
            settle();
        }
        checker.slept(Math.max(0, until - Math.max(now, floor.nextTimer())));
        now = until;
        settle();
    }

    private Person person() {
        return people.get(chance.below(people.size()));
    }

    private Person someoneHere() {
        Person person = person();
        for (int i = 0; i < 5 && !person.here; i++) {
            person = person();
        }
        return person;
    }

    private @Nullable String group() {
        List<String> all = checker.groups();
        return all.isEmpty() ? null : all.get(chance.below(all.size()));
    }

    private @Nullable String standing() {
        List<String> all = checker.standing();
        return all.isEmpty() ? null : all.get(chance.below(all.size()));
    }

    // ---- what happens

    private void step() {
        Person person = someoneHere();
        String group = group();
        if (group == null) {
            open();
            return;
        }
        switch (chance.below(48)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> request(person, group, Urgency.ROUTINE);
            case 8 -> request(person, group, Urgency.IMMINENT_PERIL);
            case 9 -> request(person, group, Urgency.EMERGENCY);
            case 10, 11, 12, 13 -> release(person, group);
            case 14, 15, 16, 17, 18, 19, 20, 21 -> speak(person);
            case 22, 23 -> connect(person());
            case 24 -> lose(person);
            case 25, 26 -> affiliate(person, group);
            case 27 -> deaffiliate(person, group);
            case 28 -> emergency(person, group);
            case 29 -> alert(person, group);
            case 30, 31 -> cancel(person, group);
            case 32 -> site.queuePosition(person.first, group);
            case 33 -> cancelQueued(person, group);
            case 34 -> force(person, group);
            case 35, 36 -> patch(person);
            case 37 -> part(person);
            case 38, 39 -> callPrivately(person);
            case 40, 41 -> answer(person);
            case 42 -> end(person, group);
            case 43, 44 -> prefer(chance.percent(70) ? person.first : person.second, group);
            case 45 -> listen(group);
            case 46 -> change();
            default -> {
                if (chance.percent(30)) {
                    close();
                } else {
                    site.mediaChanged(person.first);
                }
            }
        }
    }

    private void open() {
        CallKind kind = switch (chance.below(8)) {
            case 0 -> CallKind.BROADCAST;
            case 1, 2 -> CallKind.TEMPORARY;
            case 3, 4, 5 -> CallKind.PRE_ARRANGED;
            default -> CallKind.CHAT;
        };
        open("g" + groupsMade++, kind, chance.policy(kind == CallKind.BROADCAST));
    }

    private void open(String id, CallKind kind, FloorPolicy policy) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        for (Person person : people) {
            if (chance.percent(80)) {
                Membership membership = chance.membership();
                boolean urgent = checker.isDistressed(id, person.who); // whose emergency stands keeps the right
                members.put(
                        person.who,
                        urgent ? membership.or(new Membership(0, EnumSet.of(Right.RAISE_EMERGENCY))) : membership);
            }
        }
        TalkGroup group = new TalkGroup(id, kind, TestFloor.FIRE, policy, 10, members);
        note("at %d ms %s is %s, %s talk, %s".formatted(now / MILLI, id, kind, policy.talkers(), members));
        GroupFacts facts = new GroupFacts(group, id, GroupFacts.Origin.STANDING, Optional.empty(), false);
        checker.opened(facts);
        site.open(facts);
    }

    private void change() {
        String id = standing();
        if (id != null) {
            TalkGroup group = checker.group(id);
            open(
                    id,
                    group.kind(),
                    chance.percent(50) ? group.policy() : chance.policy(group.kind() == CallKind.BROADCAST));
        }
    }

    private void close() {
        String id = standing();
        if (id != null) {
            note("at %d ms %s is no more".formatted(now / MILLI, id));
            checker.closed(id);
            site.close(id);
        }
    }

    private void connect(Person person) {
        if (!person.here) {
            note("at %d ms %s comes".formatted(now / MILLI, person.who));
            person.here = true;
            checker.ears().connects(person.first);
            checker.arrives();
            site.connect(person.first);
            floor.work();
            checker.isLetIn(person.who, checker.followed(person.who));
        } else if (!person.twice) {
            note("at %d ms %s comes with another device".formatted(now / MILLI, person.who));
            person.twice = true;
            checker.ears().connects(person.second);
            site.connect(person.second);
        }
    }

    private void lose(Person person) {
        TestClient gone = person.twice ? person.second : person.first;
        if (!person.here) {
            return;
        }
        note("at %d ms device %s is lost".formatted(now / MILLI, gone.id()));
        person.here = person.twice;
        person.twice = false;
        checker.ears().disconnects(gone);
        if (fault != Fault.LOSSES_UNNOTICED) {
            site.disconnect(gone);
        }
    }

    private void affiliate(Person person, String group) {
        note("at %d ms %s follows %s".formatted(now / MILLI, person.who, group));
        boolean fresh = !checker.isFollowing(group, person.who);
        checker.arrives();
        checker.follows(group, person.who);
        site.affiliate(person.who, group);
        floor.work();
        if (fresh && person.here && checker.isFollowing(group, person.who)) {
            checker.isLetIn(person.who, Set.of(group));
        }
    }

    private void deaffiliate(Person person, String group) {
        note("at %d ms %s follows %s no more".formatted(now / MILLI, person.who, group));
        checker.followsNoMore(group, person.who);
        site.deaffiliate(person.who, group);
    }

    private void request(Person person, String group, Urgency urgency) {
        int priority = chance.of(0, 10, 200, 255);
        note("at %d ms %s asks in %s: %d %s".formatted(now / MILLI, person.who, group, priority, urgency));
        if (person.here) {
            checker.raises(group, person.who, urgency, now);
        }
        checker.asks(person.first, group);
        if (person.here) {
            checker.follows(group, person.who);
        }
        site.request(person.first, group, priority, fault == Fault.URGENCY_IGNORED ? Urgency.ROUTINE : urgency);
        floor.work();
        checker.isAnswered(person.first, person.here);
    }

    private void release(Person person, String group) {
        note("at %d ms %s releases %s".formatted(now / MILLI, person.who, group));
        site.release(person.first, group);
    }

    private void speak(Person person) {
        note("at %d ms %s speaks".formatted(now / MILLI, person.who));
        List<TestClient> all = new ArrayList<>(loudspeakers.keySet());
        people.forEach(each -> all.addAll(List.of(each.first, each.second)));
        all.forEach(client -> client.heard.forEach(List::clear));
        if (person.here) {
            person.first.speak(1, steps, now);
            checker.speaks(person.who, now);
        }
        checker.ears().heard(person.who, all);
    }

    private void emergency(Person person, String group) {
        Urgency urgency = chance.percent(70) ? Urgency.EMERGENCY : Urgency.IMMINENT_PERIL;
        note("at %d ms %s is in %s in %s".formatted(now / MILLI, person.who, urgency, group));
        checker.raises(group, person.who, urgency, now);
        if (person.here) {
            checker.follows(group, person.who); // as it asks
        }
        if (fault == Fault.URGENCY_IGNORED) {
            site.request(person.first, group, 255, Urgency.ROUTINE);
        } else {
            site.emergency(person.first, group, urgency, Optional.empty());
        }
    }

    private void alert(Person person, String group) {
        note("at %d ms %s has an alert out in %s".formatted(now / MILLI, person.who, group));
        checker.alerts(group, person.who, now);
        site.alert(person.first, group, Optional.empty());
    }

    private void cancel(Person person, String group) {
        Participant whom = checker.someoneDistressed(group, chance.below(100)).orElse(person().who);
        note("at %d ms %s ends the emergency of %s in %s".formatted(now / MILLI, person.who, whom, group));
        checker.cancels(group, person.who, whom);
        if (fault != Fault.CANCELS_UNHEARD) {
            site.cancel(person.who, group, whom);
        }
    }

    private void cancelQueued(Person person, String group) {
        Person whom = person();
        note("at %d ms %s cancels the request of %s in %s".formatted(now / MILLI, person.who, whom.who, group));
        site.cancelQueued(person.first, group, whom.who);
    }

    private void force(Person person, String group) {
        Person whom = person();
        note("at %d ms %s takes %s from %s".formatted(now / MILLI, person.who, group, whom.who));
        site.forcedRelease(person.first, group, whom.who);
    }

    private void patch(Person person) {
        String one = standing();
        String other = standing();
        if (one == null || other == null) {
            return;
        }
        note("at %d ms %s patches %s to %s".formatted(now / MILLI, person.who, other, one));
        CompletableFuture<Boolean> done = site.patch(person.who, one, other);
        floor.work();
        if (done.join()) {
            checker.patched(one, other);
        }
    }

    private void part(Person person) {
        Map<String, String> patches = checker.patches();
        if (patches.isEmpty()) {
            return;
        }
        String other = List.copyOf(patches.keySet()).get(chance.below(patches.size()));
        String one = patches.get(other);
        note("at %d ms %s parts %s from %s".formatted(now / MILLI, person.who, other, one));
        if (fault == Fault.PARTINGS_UNHEARD) {
            checker.parted(other);
            return;
        }
        CompletableFuture<Boolean> done = site.unpatch(person.who, one, other);
        floor.work();
        if (done.join()) {
            checker.parted(other);
        }
    }

    private void callPrivately(Person person) {
        Person callee = person();
        boolean withFloor = chance.percent(50);
        note("at %d ms %s calls %s%s"
                .formatted(now / MILLI, person.who, callee.who, withFloor ? "" : " without floor"));
        CompletableFuture<Optional<String>> call =
                site.callPrivately(person.first, callee.who, withFloor, TestFloor.FIRE);
        floor.work();
        call.join().ifPresent(id -> checker.called(id, person.who, callee.who, withFloor, now));
    }

    private void answer(Person person) {
        List<String> calls = checker.privateCalls();
        if (!calls.isEmpty()) {
            String id = calls.get(chance.below(calls.size()));
            // mostly the one who is called; sometimes somebody who has nothing to do with it
            Person by = people.stream()
                    .filter(each ->
                            each.here && checker.group(id).membership(each.who).isPresent())
                    .reduce((one, other) -> other)
                    .filter(each -> chance.percent(80))
                    .orElse(person);
            note("at %d ms %s answers %s".formatted(now / MILLI, by.who, id));
            CompletableFuture<Boolean> done = site.accept(by.first, id);
            floor.work();
            checker.answered(id, by.who, done.join());
        }
    }

    private void end(Person person, String group) {
        note("at %d ms %s ends the call of %s".formatted(now / MILLI, person.who, group));
        site.end(person.first, group);
    }

    private void prefer(TestClient client, String group) {
        int priority = chance.of(0, 5, 9);
        boolean mute = chance.percent(20);
        note("at %d ms device %s gives %s priority %d%s"
                .formatted(now / MILLI, client.id(), group, priority, mute ? " and mutes it" : ""));
        if (checker.ears().isConnected(client)) {
            checker.ears().prefers(client, group, priority, mute);
            site.prefer(
                    client,
                    group,
                    fault == Fault.PRIORITIES_UNHEARD ? 0 : priority,
                    mute && fault != Fault.MUTES_UNHEARD);
        }
    }

    private void listen(String group) {
        if (checker.group(group).kind().isPrivate()) {
            return;
        }
        if (loudspeakers.size() < 2) {
            TestClient client = new TestClient("loudspeaker " + steps, TestFloor.seat("device"), 1);
            note("at %d ms %s listens to %s".formatted(now / MILLI, client.id(), group));
            loudspeakers.put(client, group);
            checker.ears().listens(client, group);
            site.listen(client, group);
        } else {
            TestClient client = loudspeakers.keySet().iterator().next();
            String was = loudspeakers.remove(client);
            note("at %d ms %s listens no more".formatted(now / MILLI, client.id()));
            checker.ears().disconnects(client);
            site.listenNoMore(client, was);
        }
    }

    /** Nobody does anything any more: in bounded time nobody talks or waits, and then nothing is left. */
    private void comeToRest() {
        note("at %d ms rest".formatted(now / MILLI));
        for (String id : checker.privateCalls()) {
            for (Person person : people) {
                if (person.here && checker.group(id).membership(person.who).isPresent()) {
                    site.end(person.first, id); // which without a floor goes on for ever
                }
            }
        }
        for (int i = 0; i < 100; i++) {
            now += 1_000 * MILLI;
            settle();
        }
        checker.isQuiet();
        now += Duration.ofHours(4).toNanos();
        settle();
        for (int i = 0; i < 40; i++) {
            now += 1_000 * MILLI;
            settle();
        }
        checker.isAtRest();
        Set.copyOf(checker.standing()).forEach(id -> {
            checker.closed(id);
            site.close(id);
        });
        settle();
        checker.isEmpty();
    }
}
