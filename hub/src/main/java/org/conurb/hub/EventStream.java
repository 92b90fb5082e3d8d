package org.conurb.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import tools.jackson.databind.node.ObjectNode;

/** One reader of events: a bounded queue that the broadcaster fills, and the thread of its request that empties it. */
final class EventStream {
    private final Caller caller;
    private final Set<String> types;
    private final Access access;
    private final Function<String, java.util.Optional<Model.Type>> model;
    private final EventPurposes purposes;
    private final BooleanSupplier standing;
    private final EventSettings settings;
    private final Clock clock;
    private final BlockingQueue<Told> queue;
    private final Map<String, Set<OrganisationId>> readable = new HashMap<>();
    private volatile boolean overflowed;
    private volatile boolean ended;
    private long seen;

    EventStream(
            Caller caller,
            Set<String> types,
            Access access,
            Function<String, java.util.Optional<Model.Type>> model,
            EventPurposes purposes,
            BooleanSupplier standing,
            EventSettings settings,
            Clock clock) {
        this.caller = caller;
        this.types = types;
        this.access = access;
        this.model = model;
        this.purposes = purposes;
        this.standing = standing;
        this.settings = settings;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
    }

    /** From the broadcaster; never blocks. */
    void offer(Told told) {
        if (!queue.offer(told)) {
            overflowed = true;
            queue.clear();
        }
    }

    void end() {
        ended = true;
    }

    /**
     * Writes until the reader goes away or may no longer read; blocks the thread of the request.
     *
     * @param from number from which live changes are told; smaller ones are skipped
     * @param replay changes to tell first
     * @param reset whether the reader must load its lists anew
     */
    void run(OutputStream out, long from, Iterable<List<Told>> replay, boolean reset) throws IOException {
        seen = from;
        out.write(Told.event("hello", from, sign(from)));
        if (reset) {
            out.write(reset());
        }
        out.flush();
        for (List<Told> batch : replay) {
            write(out, batch);
        }
        long nextBeat = System.nanoTime() + settings.beat().toNanos();
        long nextCheck = System.nanoTime() + settings.recheck().toNanos();
        List<Told> batch = new ArrayList<>();
        while (!ended) {
            long now = System.nanoTime();
            if (now >= nextCheck) {
                if (!standing.getAsBoolean()) {
                    return;
                }
                readable.clear();
                nextCheck = now + settings.recheck().toNanos();
            }
            if (now >= nextBeat) {
                out.write(Told.event("beat", seen, sign(seen)));
                out.flush();
                nextBeat = now + settings.beat().toNanos();
            }
            take(batch, Math.min(nextBeat, nextCheck) - now);
            if (overflowed) {
                overflowed = false;
                out.write(reset());
                out.flush();
            }
            if (!batch.isEmpty()) {
                write(out, batch);
                batch.clear();
                LockSupport.parkNanos(settings.pace().toNanos());
            }
        }
    }

    private void take(List<Told> batch, long mostNanos) {
        try {
            Told first = queue.poll(Math.min(mostNanos, Duration.ofSeconds(1).toNanos()), TimeUnit.NANOSECONDS);
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            ended = true;
        }
    }

    private void write(OutputStream out, List<Told> batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 * batch.size());
        for (Told told : batch) {
            if (told.seq() > seen) {
                seen = told.seq();
                if (reads(told.change())) {
                    bytes.writeBytes(told.bytes(told.concernsPersons() && seesPersons(told.change())));
                }
            }
        }
        if (bytes.size() > 0) {
            bytes.writeTo(out);
            out.flush();
        }
    }

    private boolean reads(ChangeRow change) {
        if (!types.isEmpty() && change.types().stream().noneMatch(types::contains)) {
            return false;
        }
        for (String type : change.types()) {
            if (!readable.computeIfAbsent(type, key -> access.predicate(caller, Action.READ, Access.entities(key)))
                    .contains(change.owner())) {
                return false;
            }
        }
        return true;
    }

    private boolean seesPersons(ChangeRow change) {
        for (String type : change.types()) {
            Model.Type known = model.apply(type).orElse(null);
            if (known != null && !known.personal().isEmpty() && !purposes.allows(caller, known, change.id())) {
                return false;
            }
        }
        return true;
    }

    private byte[] reset() {
        return Told.event("reset", seen, Json.mapper().createObjectNode());
    }

    private ObjectNode sign(long seq) {
        Instant now = clock.instant();
        return Json.mapper().createObjectNode().put("seq", seq).put("at", now.toString());
    }
}
