package org.conurb.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.conurb.kernel.OrganisationId;

/**
 * Small changes behind one wall that come while another is being committed, written in the next transaction together: a
 * commit costs more than what they write. Nobody waits for company, and one that fails does not take the others with it.
 * Safe for many threads.
 *
 * @param <W> what one caller wants
 */
public final class Together<W> {
    static final int MOST = 50;

    private final Transactions transactions;
    private final Work<W> work;
    /** By wall those who wait for the transaction that is under way; no queue where none is. */
    private final Map<Wall, Queue<Turn>> waiting = new HashMap<>();

    /** How it is done, each time within a transaction. */
    public interface Work<W> {
        /** One by itself, however long it takes; where it throws, nothing of it is kept. */
        Answer alone(W one);

        /**
         * One or several, each of them as if it were alone after those before it. Waits for nobody's lock: all behind the
         * wall wait for it.
         *
         * @return for each, in their order, what gives its answer or throws why it is refused, which leaves nothing of it;
         *     empty where it must be done alone, of which nothing was done yet
         * @throws RuntimeException where each must be done alone; nothing of all is kept then
         */
        List<Optional<Supplier<Answer>>> all(List<W> wishes);
    }

    private record Wall(Set<OrganisationId> owners, String tenant) {}

    /** One caller that waits: it is told what to answer, or to do all of these, itself first, in its own thread. */
    private final class Turn {
        private final W wish;
        private final CompletableFuture<Optional<Supplier<Answer>>> told = new CompletableFuture<>();
        private List<Turn> group = List.of();

        Turn(W wish) {
            this.wish = wish;
        }
    }

    public Together(Transactions transactions, Work<W> work) {
        this.transactions = transactions;
        this.work = work;
    }

    /** In the current transaction. */
    Answer alone(W wish) {
        return work.alone(wish);
    }

    private Answer alone(Collection<OrganisationId> owners, W wish) {
        return transactions.as(owners, () -> {
            Answer answer = work.alone(wish);
            return transactions.audited().map(answer::audited).orElse(answer);
        });
    }

    Answer commit(Collection<OrganisationId> owners, W wish) {
        if (transactions.active()) {
            return alone(owners, wish);
        }
        Wall wall = new Wall(new HashSet<>(owners), Transactions.tenant());
        Turn turn = new Turn(wish);
        List<Turn> group = List.of(turn);
        Optional<Supplier<Answer>> told = Optional.empty();
        if (!comesFirst(wall, turn)) {
            told = turn.told.join();
            group = turn.group;
        }
        if (!group.isEmpty()) {
            try {
                told = all(owners, group);
            } finally {
                group.forEach(each -> each.told.complete(Optional.empty())); // who was not told is alone
                next(wall);
            }
        }
        return told.map(Supplier::get).orElseGet(() -> alone(owners, wish));
    }

    /** @return what the first of them is told; the others have been */
    private Optional<Supplier<Answer>> all(Collection<OrganisationId> owners, List<Turn> group) {
        List<W> wishes = group.stream().map(turn -> turn.wish).toList();
        List<Optional<Supplier<Answer>>> answers = new ArrayList<>();
        try {
            transactions.doAs(owners, () -> answers.addAll(work.all(wishes)));
        } catch (RuntimeException failure) {
            // From the work itself: nothing is kept, each does it alone. From the commit: nobody knows whether it was
            // done, and nobody does it again.
            answers.replaceAll(unknown -> Optional.of(() -> {
                throw failure;
            }));
            if (answers.isEmpty()) {
                return Optional.empty();
            }
        }
        for (int i = 1; i < answers.size(); i++) {
            group.get(i).told.complete(answers.get(i));
        }
        return answers.getFirst();
    }

    /** How many wait, behind all walls. */
    int waiting() {
        synchronized (waiting) {
            return waiting.values().stream().mapToInt(Queue::size).sum();
        }
    }

    private boolean comesFirst(Wall wall, Turn turn) {
        synchronized (waiting) {
            Queue<Turn> queue = waiting.get(wall);
            if (queue == null) {
                waiting.put(wall, new ArrayDeque<>(0));
            } else {
                queue.add(turn);
            }
            return queue == null;
        }
    }

    /** Lets the first who waits go on, with those behind it. */
    private void next(Wall wall) {
        List<Turn> group = new ArrayList<>();
        synchronized (waiting) {
            Queue<Turn> queue = waiting.getOrDefault(wall, new ArrayDeque<>(0));
            for (Turn turn = queue.poll(); turn != null; turn = group.size() < MOST ? queue.poll() : null) {
                group.add(turn);
            }
            if (group.isEmpty()) {
                waiting.remove(wall);
                return;
            }
        }
        Turn first = group.getFirst();
        first.group = List.copyOf(group);
        first.told.complete(Optional.empty());
    }
}
