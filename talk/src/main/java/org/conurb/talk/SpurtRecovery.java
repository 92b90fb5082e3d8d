package org.conurb.talk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes whole what a crash left: files that were being written are cut after the last whole record, ended and sealed, with
 * or without a row; rows that nothing ended are ended; rows whose file is gone are marked and named in the audit log. What
 * there was is looked up before any talk of this process begins ({@link #snapshot}).
 */
final class SpurtRecovery implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SpurtRecovery.class);

    private static final int MOST_NAMED = 40;

    private final TalkFolder folder;
    private final Transactions transactions;
    private final SpurtStore spurts;
    private final Consumer<Spurt> seal;
    private final Audit audit;
    private final Predicate<UUID> running;
    private List<Spurt> open = List.of();
    private final Map<Instant, List<UUID>> files = new HashMap<>();
    private Instant snapshotAt = Instant.MIN;
    private volatile int missing;
    private volatile int broken;

    /**
     * @param seal in the current transaction, of the system role
     * @param running whether this process writes it now
     */
    SpurtRecovery(
            TalkFolder folder, Transactions transactions, Consumer<Spurt> seal, Audit audit, Predicate<UUID> running) {
        this.folder = folder;
        this.transactions = transactions;
        this.spurts = new SpurtStore(transactions.jdbc());
        this.seal = seal;
        this.audit = audit;
        this.running = running;
    }

    /** Before the first talk: open rows, and the files of the hours in which this process may write. */
    void snapshot(Instant now) {
        open = transactions.asSystem(spurts::open);
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        snapshotAt = hour;
        for (Instant at : List.of(hour, hour.plus(1, ChronoUnit.HOURS))) {
            files.put(at, list(at));
        }
    }

    private List<UUID> list(Instant hour) {
        try {
            return folder.spurts(hour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at every hour that has a folder, then at what is open without a file. */
    @Override
    public void run() {
        int sealed = 0;
        try {
            for (Instant hour : folder.hours()) {
                sealed += hour(hour, hour.isBefore(snapshotAt) ? list(hour) : files.getOrDefault(hour, List.of()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Spurt spurt : open) {
            sealed += end(spurt) ? 1 : 0;
        }
        lookForRows();
        if (sealed > 0) {
            LOG.atInfo().addKeyValue("spurts", sealed).log("talk.spurts.recovered");
        }
    }

    private int hour(Instant hour, List<UUID> present) {
        Map<UUID, Boolean> known = transactions.asSystem(() -> spurts.known(hour));
        int sealed = 0;
        for (UUID id : present) {
            if (!known.containsKey(id) && !running.test(id)) {
                sealed += adopt(folder.hour(hour).resolve(id + TalkFolder.ENDING)) ? 1 : 0;
            }
        }
        return sealed;
    }

    private boolean adopt(Path file) {
        try {
            Spurt spurt = whole(file);
            return inTransaction(spurt);
        } catch (IOException e) {
            broken++;
            LOG.atError().addKeyValue("file", file).setCause(e).log("talk.file.not-readable");
            return false;
        }
    }

    private boolean inTransaction(Spurt spurt) {
        return transactions.asSystem(() -> {
            boolean fresh = !spurts.isSealed(spurt.id());
            if (fresh) {
                seal.accept(spurt);
            }
            return fresh;
        });
    }

    /** The spurt of a file, which is cut and ended where it was not. */
    static Spurt whole(Path file) throws IOException {
        SpurtReader found = SpurtReader.read(file);
        Optional<SpurtReader.End> ended = found.end();
        if (ended.isPresent() && found.wholeBytes() == found.file().limit()) {
            return spurt(found, ended.get().at(), ended.get().lost(), Optional.empty());
        }
        Instant last = found.packets() == 0
                ? found.facts().began()
                : found.heard(found.packets() - 1).plusMillis(20);
        close(file, found, last);
        LOG.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("cut", found.file().limit() - found.wholeBytes())
                .log("talk.file.closed");
        return spurt(SpurtReader.read(file), last, found.lost(), Optional.of(Spurt.Fault.CUT));
    }

    private static void close(Path file, SpurtReader found, Instant last) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate(RtpDump.RECORD + RtpDump.APP + RtpDump.END_BYTES);
        int millis = found.packets() == 0 ? 0 : found.millis(found.packets() - 1);
        RtpDump.app(tail, RtpDump.END, 0, RtpDump.END_BYTES, millis);
        tail.putLong(RtpDump.nanos(last))
                .putInt(found.packets())
                .putInt(found.lost())
                .flip();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(found.wholeBytes());
            long at = found.wholeBytes();
            while (tail.hasRemaining()) {
                at += channel.write(tail, at);
            }
            channel.force(true);
        }
    }

    private static Spurt spurt(SpurtReader file, Instant end, int lost, Optional<Spurt.Fault> fault) {
        Spurt.Audio audio = new Spurt.Audio(file.audioAt(), file.file().limit(), file.sha256(), file.packets(), lost);
        return new Spurt(file.facts(), Optional.of(end), Optional.of(audio), fault);
    }

    /** One that has no file: how long it went on nobody knows. */
    private boolean end(Spurt spurt) {
        if (Files.exists(folder.file(spurt.facts().began(), spurt.id()))) {
            return false; // sealed with its file, or not readable and named
        }
        Optional<Spurt.Fault> fault =
                spurt.facts().recorded() ? Optional.of(Spurt.Fault.MISSING) : Optional.of(Spurt.Fault.CUT);
        return inTransaction(new Spurt(spurt.facts(), Optional.of(spurt.facts().began()), Optional.empty(), fault));
    }

    /** Rows that should have a file and have none. */
    private void lookForRows() {
        Map<Instant, Set<UUID>> present = new HashMap<>();
        List<Spurt> gone = new ArrayList<>();
        UUID below = null;
        boolean more = true;
        while (more) {
            UUID after = below;
            List<Spurt> page = transactions.asSystem(() -> spurts.sealedBelow(after, 500));
            for (Spurt spurt : page) {
                Instant hour = spurt.facts().hour();
                if (spurt.isHeard()
                        && hour.isBefore(snapshotAt.plus(1, ChronoUnit.HOURS))
                        && !present.computeIfAbsent(hour, at -> Set.copyOf(list(at)))
                                .contains(spurt.id())) {
                    gone.add(spurt);
                }
                below = spurt.id();
            }
            if (present.size() > 48) {
                present.clear();
            }
            more = page.size() == 500;
        }
        gone.stream()
                .collect(Collectors.groupingBy(spurt ->
                        new GroupHour(spurt.facts().group(), spurt.facts().hour())))
                .forEach(this::name);
        missing = gone.size();
    }

    private record GroupHour(String group, Instant start) {}

    private void name(GroupHour hour, List<Spurt> gone) {
        OrganisationId owner = gone.getFirst().organisation();
        gone.forEach(spurt -> LOG.atError()
                .addKeyValue("spurt", spurt.id())
                .addKeyValue("file", folder.file(spurt.facts().began(), spurt.id()))
                .log("talk.file.missing"));
        String named = gone.stream()
                .limit(MOST_NAMED)
                .map(spurt -> spurt.id().toString())
                .collect(Collectors.joining(" "));
        transactions.doAsSystem(() -> {
            gone.forEach(spurt -> spurts.mark(spurt.id(), Spurt.Fault.MISSING));
            audit.record(AuditEntry.of(
                            Caller.system("talk-recorder", owner),
                            "talk.audio.missing",
                            SpurtHours.GROUP,
                            hour.group(),
                            owner)
                    .with(Map.of(
                            "hour", hour.start().toString(),
                            "count", Integer.toString(gone.size()),
                            "spurts", named)));
        });
    }

    /** Sealed spurts whose file was found missing at this start. */
    int missing() {
        return missing;
    }

    /** Files that could not be read at this start. */
    int broken() {
        return broken;
    }
}
