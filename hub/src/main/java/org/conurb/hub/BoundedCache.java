package org.conurb.hub;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that weigh at most so much together; what was not used for longest goes first. Safe for many threads. */
final class BoundedCache<K, V> {
    private final long most;
    private final Map<K, Weighed<V>> values = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    private record Weighed<V>(V value, long weight) {}

    BoundedCache(long most) {
        this.most = most;
    }

    synchronized @Nullable V get(K key) {
        Weighed<V> found = values.get(key);
        return found == null ? null : found.value;
    }

    synchronized void put(K key, V value, long itsWeight) {
        remove(key);
        if (itsWeight > most) {
            return;
        }
        values.put(key, new Weighed<>(value, itsWeight));
        weight += itsWeight;
        Iterator<Weighed<V>> oldest = values.values().iterator();
        while (weight > most) {
            weight -= oldest.next().weight;
            oldest.remove();
        }
    }

    synchronized void remove(K key) {
        Weighed<V> gone = values.remove(key);
        if (gone != null) {
            weight -= gone.weight;
        }
    }

    synchronized void clear() {
        values.clear();
        weight = 0;
    }
}
