package org.conurb.talk;

import static org.conurb.talk.SiteChecker.that;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What each device of a site was told of talks, what it hears, and whether that is what its scan list wants. */
final class EarChecker {
    /** How long a group is kept for an answer, and until the next beat. */
    private static final long KEPT_NANOS = Duration.ofMillis(2_500).toNanos();

    private final SiteChecker site;
    private final Map<TestClient, Device> devices = new LinkedHashMap<>();
    private long now;

    /** What a device was told, and how it wants to hear. */
    private static final class Device {
        final Map<UUID, Talk> heard = new LinkedHashMap<>();
        final Map<UUID, Integer> ears = new LinkedHashMap<>();
        final Map<String, Integer> priorities = new HashMap<>();
        final Set<String> muted = new HashSet<>();
        /** Group of a loudspeaker. */
        Optional<String> listensTo = Optional.empty();

        int read;
        long lastEnd = Long.MIN_VALUE / 2;
    }

    EarChecker(SiteChecker site) {
        this.site = site;
    }

    /** All but loudspeakers. */
    Set<Participant> participants() {
        Set<Participant> all = new LinkedHashSet<>();
        devices.forEach((client, device) -> {
            if (!isLoudspeaker(client)) {
                all.add(client.participant());
            }
        });
        return all;
    }

    private static boolean isLoudspeaker(TestClient client) {
        return client.id().startsWith("loudspeaker");
    }

    /** How many listen to this group. */
    int loudspeakers(String group) {
        return (int) devices.values().stream()
                .filter(device -> device.listensTo.equals(Optional.of(group)))
                .count();
    }

    void closed(String id) {
        for (Device device : devices.values()) {
            device.listensTo = device.listensTo.filter(group -> !group.equals(id));
        }
    }

    void connects(TestClient client) {
        Device device = new Device();
        device.read = client.told.size();
        devices.put(client, device);
    }

    void disconnects(TestClient client) {
        devices.remove(client);
    }

    boolean isConnected(TestClient client) {
        return devices.containsKey(client);
    }

    void listens(TestClient client, String group) {
        connects(client);
        devices.get(client).listensTo = Optional.of(group);
    }

    void prefers(TestClient client, String group, int priority, boolean mute) {
        Device device = devices.get(client);
        device.priorities.put(group, priority);
        if (mute) {
            device.muted.add(group);
        } else {
            device.muted.remove(group);
        }
    }

    void told(TestClient client, long moment) {
        Device device = devices.get(client);
        if (device == null) {
            return;
        }
        for (; device.read < client.told.size(); device.read++) {
            switch (client.told.get(device.read)) {
                case TalkNotice.Transmission begins -> {
                    device.heard.put(begins.talk().id(), begins.talk());
                    device.ears.put(begins.talk().id(), begins.ear());
                }
                case TalkNotice.TransmissionEnd ends -> {
                    Integer ear = device.ears.remove(ends.talk());
                    that(ear != null, client.id() + " is told of the end of a talk that it was not told of");
                    device.heard.remove(ends.talk());
                    device.lastEnd = moment;
                }
                default -> {}
            }
        }
    }

    /** What this one says by its device is its latest talk: all whose ear it is hear it there, and nobody else. */
    void heard(Participant talker, List<TestClient> all) {
        Optional<Talk> latest = site.latest(talker);
        for (TestClient client : all) {
            Device device = devices.get(client);
            Integer ear = latest.isEmpty() || device == null
                    ? null
                    : device.ears.get(latest.get().id());
            for (int i = 0; i < client.heard.size(); i++) {
                boolean expected = ear != null && ear == i;
                int came = client.heard.get(i).size();
                that(
                        came == (expected ? 1 : 0),
                        "%s hears %d packets of %s by ear %d, and was told %s"
                                .formatted(client.id(), came, talker, i, ear));
            }
        }
    }

    void check(long moment) {
        now = moment;
        devices.forEach(this::checkDevice);
    }

    private void checkDevice(TestClient client, Device device) {
        Map<UUID, Talk> expected = new LinkedHashMap<>();
        for (Talk talk : site.running()) {
            Set<String> floor = site.floorOf(talk.group());
            boolean in = isLoudspeaker(client)
                    ? device.listensTo.filter(floor::contains).isPresent()
                    : site.calls(client.participant()).stream().anyMatch(floor::contains)
                            && !talk.talker().equals(client.participant());
            if (in) {
                expected.put(talk.id(), talk);
            }
        }
        that(
                device.heard.keySet().equals(expected.keySet()),
                "%s was told that %s talk, and %s do".formatted(client.id(), talkers(device.heard), talkers(expected)));
        Set<Integer> used = new HashSet<>();
        device.ears.forEach((talk, ear) ->
                that(ear < 0 || ear < client.heard.size() && used.add(ear), client.id() + " hears two by one ear"));
        device.ears.forEach((talk, ear) -> that(
                ear < 0 || !device.muted.contains(device.heard.get(talk).group()),
                client.id() + " hears what it muted"));
        checkScan(client, device, used.size());
    }

    private static String talkers(Map<UUID, Talk> talks) {
        return talks.values().stream()
                .map(talk -> talk.talker() + " in " + talk.group())
                .toList()
                .toString();
    }

    private void checkScan(TestClient client, Device device, int used) {
        List<Talk> unheard = new ArrayList<>();
        List<Talk> heard = new ArrayList<>();
        device.ears.forEach((id, ear) -> {
            Talk talk = device.heard.get(id);
            if (ear >= 0) {
                heard.add(talk);
            } else if (!device.muted.contains(talk.group())) {
                unheard.add(talk);
            }
        });
        boolean free = used < client.heard.size();
        that(
                unheard.isEmpty() || !free || now < device.lastEnd + KEPT_NANOS,
                client.id() + " has an ear free, and does not hear " + unheard);
        for (Talk not : unheard) {
            for (Talk one : heard) {
                that(
                        one.group().equals(not.group()) || !isAbove(device, not.group(), one.group()),
                        "%s hears %s (%s), and not %s (%s)"
                                .formatted(
                                        client.id(),
                                        one.group(),
                                        rank(device, one.group()),
                                        not.group(),
                                        rank(device, not.group())));
            }
        }
    }

    private boolean isAbove(Device device, String group, String other) {
        Urgency one = loudest(device, group);
        Urgency two = loudest(device, other);
        return one.isAbove(two)
                || one == two && device.priorities.getOrDefault(group, 0) > device.priorities.getOrDefault(other, 0);
    }

    private String rank(Device device, String group) {
        return loudest(device, group) + " " + device.priorities.getOrDefault(group, 0);
    }

    private static Urgency loudest(Device device, String group) {
        return device.heard.values().stream()
                .filter(talk -> talk.group().equals(group))
                .map(Talk::urgency)
                .reduce(Urgency.ROUTINE, Urgency::higher);
    }

    void isEmpty() {
        devices.forEach((client, device) -> {
            that(device.heard.isEmpty(), client.id() + " is left with " + device.heard);
            that(!client.mouth().isOpen(), "The gate of " + client.id() + " is left open");
        });
    }
}
