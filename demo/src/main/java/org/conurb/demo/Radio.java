package org.conurb.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The radio of one crew: follows the group of its incident, talks there when the floor is its own, answers whom it heard, and
 * takes private calls. A machine of what it is told (messages of docs/asyncapi/talk.yaml) and of time; of one thread.
 *
 * <p>Times are nanoseconds of one clock that never goes back.
 */
final class Radio {
    /** The way to the site. */
    interface Line {
        void say(Map<String, Object> message);

        /** @param begins whether it is the first packet of a talk */
        void voice(byte[] opus, boolean begins, long now);

        /** How many packets of others' voices came since it was asked last. */
        int heard();
    }

    /** What is known beyond this radio. */
    interface Net {
        /** Whether a crew of the demo talks there: they do not answer one another. */
        boolean isOurs(String party);

        /** Whether this radio is the one to answer that talk: of all radios, one at most. */
        boolean answers(String talk);
    }

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** What could not be said for so long is of no use any more. */
    private static final long STALE = 25 * SECOND;
    /** A request that nobody answers is given up, and made again. */
    private static final long PATIENCE = 10 * SECOND;
    /** From 300 ms of a voice on there was something to understand. */
    private static final int UNDERSTANDABLE = 15;

    private static final int MOST_WAITING = 8;

    /** @param group null for that of the incident, once there is one */
    private record Saying(@Nullable String group, Phrase phrase, long since, long notBefore) {}

    /** A private call; accepted once {@code acceptAt} is over, and then {@code joined}. */
    private record Call(boolean floor, long acceptAt, boolean joined) {}

    private final String callSign;
    private final String incident;
    private final Speech speech;
    private final Line line;
    private final Net net;
    private final RandomGenerator random;
    private final Deque<Saying> waiting = new ArrayDeque<>();
    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, String> talkers = new HashMap<>();
    private @Nullable String group;
    private @Nullable String applied;
    private @Nullable Saying asked;
    private long askedAt;
    private long quietUntil;
    private @Nullable Saying saying;
    private List<byte[]> packets = List.of();
    private int sent;
    private Pacing pacing = new Pacing(0);

    /** @param incident URN of the incident whose group it follows */
    Radio(String callSign, String incident, Speech speech, Line line, Net net, RandomGenerator random) {
        this.callSign = callSign;
        this.incident = incident;
        this.speech = speech;
        this.line = line;
        this.net = net;
        this.random = random;
    }

    /** Has something to say in the group of its incident, as soon as it may. */
    void report(Phrase phrase, long now) {
        await(new Saying(null, phrase, now, now));
    }

    private void await(Saying one) {
        if (waiting.size() == MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(one);
    }

    boolean isTalking() {
        return saying != null;
    }

    /** Whether there is nothing that it wants to say, and nobody who called it. */
    boolean isIdle() {
        return saying == null && asked == null && waiting.isEmpty() && calls.isEmpty();
    }

    /** Takes in what the site tells; what is of no concern it passes over. */
    void told(JsonNode message, long now) {
        JsonNode about = message.path("group");
        String id = about.isString() ? about.asString() : "";
        switch (message.path("type").asString("")) {
            case "group" -> shown(about);
            case "group-gone" -> gone(message.path("id").asString(""));
            case "released" -> gone(id);
            case "granted" -> granted(id, now);
            case "denied" -> denied(id, now);
            case "revoked" -> stop(id);
            case "transmission" -> began(message, id);
            case "transmission-end" -> ended(message.path("talk").asString(""), id, now);
            case "invited" -> calls.put(id, new Call(message.path("floor").asBoolean(true), now + SECOND, false));
            case "done" -> accepted(message.path("re").asString(""), now);
            default -> {}
        }
    }

    private void shown(JsonNode shown) {
        if (shown.path("incident").asString("").equals(incident)) {
            String id = shown.path("id").asString();
            boolean follows = shown.path("affiliated").asBoolean();
            if (!follows && !id.equals(applied)) {
                applied = id;
                line.say(Map.of("type", "affiliate", "group", id));
            }
            group = follows && shown.path("mayTalk").asBoolean(true) ? id : null;
        }
    }

    private void gone(String id) {
        stop(id);
        calls.remove(id);
        waiting.removeIf(one -> id.equals(one.group()));
        if (id.equals(group)) {
            group = null;
        }
    }

    private void stop(String id) {
        if (saying != null && id.equals(saying.group())) {
            saying = null;
        }
        if (asked != null && id.equals(asked.group())) {
            asked = null;
        }
    }

    private void granted(String id, long now) {
        Saying one = asked;
        if (one == null || !id.equals(one.group())) {
            line.say(Map.of("type", "release", "group", id)); // came too late
        } else {
            begin(one, now);
        }
    }

    /** As when nobody else is there to hear it: it is asked for again, all else in its turn. */
    private void denied(String id, long now) {
        Saying one = asked;
        if (one != null && id.equals(one.group())) {
            asked = null;
            waiting.addFirst(one);
            quietUntil = now + SECOND + random.nextInt(3_000) * MILLI;
        }
    }

    private void began(JsonNode message, String id) {
        boolean concerns = id.equals(group) || calls.containsKey(id);
        String party = message.path("party").path("id").asString("");
        if (concerns && talkers.size() < MOST_WAITING && !net.isOurs(party)) {
            talkers.put(message.path("talk").asString(""), party);
            line.heard();
        }
    }

    /** Somebody has talked: in a private call they are answered, in the group now and then. */
    private void ended(String talk, String id, long now) {
        if (talkers.remove(talk) != null && (calls.containsKey(id) || net.answers(talk))) {
            Phrase answer = line.heard() < UNDERSTANDABLE ? Phrase.SAY_AGAIN : Phrase.UNDERSTOOD;
            await(new Saying(id, answer, now, now + SECOND / 2 + random.nextInt(700) * MILLI));
        }
    }

    private void accepted(String id, long now) {
        Call call = calls.get(id);
        if (call != null && !call.joined()) {
            calls.put(id, new Call(call.floor(), call.acceptAt(), true));
            await(new Saying(id, Phrase.GO_AHEAD, now, now + SECOND / 5));
        }
    }

    /** Lets time pass until now: accepts calls, asks for the floor, and sends what is due of its voice. */
    void tick(long now) {
        calls.replaceAll((id, call) -> accept(id, call, now));
        waiting.removeIf(one -> now - one.since() > STALE);
        if (asked != null && now - askedAt > PATIENCE) {
            line.say(Map.of("type", "release", "group", String.valueOf(asked.group())));
            asked = null;
        }
        if (saying != null) {
            talk(saying, now);
        } else if (asked == null && now - quietUntil >= 0) {
            next(now);
        }
    }

    private Call accept(String id, Call call, long now) {
        if (call.joined() || now - call.acceptAt() < 0) {
            return call;
        }
        line.say(Map.of("type", "accept", "group", id, "id", id)); // done tells that it is so, and never again
        return new Call(call.floor(), now + PATIENCE, false);
    }

    private void next(long now) {
        for (Saying one : List.copyOf(waiting)) {
            String where = one.group() == null ? group : one.group();
            if (where != null && now - one.notBefore() >= 0) {
                waiting.remove(one);
                Saying there = new Saying(where, one.phrase(), one.since(), one.notBefore());
                Call call = calls.get(where);
                if (call != null && !call.floor()) {
                    begin(there, now);
                } else {
                    asked = there;
                    askedAt = now;
                    line.say(Map.of("type", "request", "group", where));
                }
                return;
            }
        }
    }

    private void begin(Saying one, long now) {
        asked = null;
        saying = one;
        packets = speech.of(callSign, one.phrase());
        sent = 0;
        pacing = new Pacing(now);
    }

    private void talk(Saying one, long now) {
        while (sent < packets.size() && pacing.due(now)) {
            line.voice(packets.get(sent), sent == 0, now);
            sent++;
        }
        if (sent == packets.size()) {
            saying = null;
            Call call = calls.get(String.valueOf(one.group()));
            if (call == null || call.floor()) {
                line.say(Map.of("type", "release", "group", String.valueOf(one.group())));
            }
        }
    }
}
