package org.conurb.talk;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A participant with the devices it is connected by. Confined to the floor's thread. */
final class Station {
    static final int MOST_CLIENTS = 4;

    private final Participant who;
    private final Map<TalkClient, Hearing> clients = new LinkedHashMap<>(2);
    /** Groups whose running call it is in. */
    private final Set<String> calls = new TreeSet<>();

    Station(Participant who) {
        this.who = who;
    }

    Participant who() {
        return who;
    }

    Set<String> calls() {
        return calls;
    }

    Hearing add(TalkClient client) {
        return clients.computeIfAbsent(client, Hearing::new);
    }

    @Nullable
    Hearing remove(TalkClient client) {
        return clients.remove(client);
    }

    @Nullable
    Hearing hearing(TalkClient client) {
        return clients.get(client);
    }

    boolean isFull() {
        return clients.size() >= MOST_CLIENTS;
    }

    boolean isGone() {
        return clients.isEmpty();
    }

    Collection<Hearing> hearings() {
        return clients.values();
    }

    Set<TalkClient> clients() {
        return clients.keySet();
    }

    /** Whether none of its paths loses or doubles. */
    boolean isReliable() {
        return clients.keySet().stream().allMatch(TalkClient::isReliable);
    }

    void tell(TalkNotice notice) {
        for (TalkClient client : clients.keySet()) {
            client.tell(notice);
        }
    }
}
