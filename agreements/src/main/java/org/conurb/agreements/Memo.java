package org.conurb.agreements;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a bounded number of answers. Two maps: new ones enter the young; when it is full it becomes the old one and
 * the old one is forgotten; what is found in the old enters the young again. So what is used stays, at most twice {@code
 * most} are kept, and a read takes no lock (the second-chance idea of generational caches). Safe for many threads.
 */
final class Memo<K, V> {
    private final int most;
    private volatile ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<K, V> old = new ConcurrentHashMap<>();

    Memo(int most) {
        this.most = most;
    }

    @Nullable
    V get(K key) {
        V value = young.get(key);
        if (value == null) {
            value = old.get(key);
            if (value != null) {
                young.putIfAbsent(key, value); // never over a newer one
                turnWhenFull();
            }
        }
        return value;
    }

    void put(K key, V value) {
        young.put(key, value);
        turnWhenFull();
    }

    int size() {
        return young.size() + old.size();
    }

    private void turnWhenFull() {
        if (young.size() >= most) {
            turn();
        }
    }

    private synchronized void turn() {
        if (young.size() >= most) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }
}
