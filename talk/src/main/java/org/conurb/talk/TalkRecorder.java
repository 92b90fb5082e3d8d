package org.conurb.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.conurb.media.RtpSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is said in groups that are recorded, and of all others that it was said. Packets go from media threads into a
 * ring for each talk ({@link SpurtSink}); one thread takes them from there to the files, and tells {@link SpurtBook} what
 * ended. Whoever talks never waits for the disk: what the disk is too slow for is counted as lost.
 */
final class TalkRecorder implements TalkListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TalkRecorder.class);
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();
    private static final long IDLE_NANOS = Duration.ofMillis(500).toNanos();
    private static final Duration ROOM_EVERY = Duration.ofSeconds(5);
    private static final long STOP_MILLIS = 5_000;

    private final String site;
    private final Function<Participant, String> names;
    private final TalkFolder folder;
    private final TalkRecordingSettings settings;
    private final Room room;
    private final SpurtBook book;
    private final VoiceRings rings;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private final byte[] packet = new byte[VoiceRing.LONGEST];
    private final Thread thread =
            Thread.ofPlatform().daemon().name("talk-recorder").unstarted(this::run);
    private volatile boolean closed;
    private volatile boolean full;
    private long roomAt = Long.MIN_VALUE;

    /** How many bytes may still be written; the disk's, or a test's. */
    interface Room {
        long bytes() throws IOException;

        /** Of the disk that the folder is on, which is made where it is not there. */
        static Room of(TalkFolder folder) {
            return () -> {
                Files.createDirectories(folder.root());
                return Files.getFileStore(folder.root()).getUsableSpace();
            };
        }
    }

    /** A talk that is recorded. */
    private static final class Running {
        private final SpurtFacts facts;
        private final SpurtSink sink;
        private volatile @Nullable Instant ended;

        // of the recorder's thread
        private @Nullable SpurtWriter file;
        private boolean failed;
        private int lostTold;
        private long syncedAt;

        Running(SpurtFacts facts, SpurtSink sink, long now) {
            this.facts = facts;
            this.sink = sink;
            this.syncedAt = now;
        }
    }

    /**
     * @param names of talkers, for people; from memory
     * @param nanoTime the clock by which media workers tell arrivals
     */
    TalkRecorder(
            String site,
            Function<Participant, String> names,
            TalkFolder folder,
            TalkRecordingSettings settings,
            Room room,
            SpurtBook book,
            Clock clock,
            LongSupplier nanoTime) {
        this.site = site;
        this.names = names;
        this.folder = folder;
        this.settings = settings;
        this.room = room;
        this.book = book;
        this.rings = new VoiceRings(settings.talks());
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void start() {
        thread.start();
    }

    @Override
    public Optional<RtpSink> began(Talk talk) {
        SpurtFacts facts = SpurtFacts.of(site, talk, names.apply(talk.talker()), nanoTime.getAsLong());
        Optional<SpurtSink> sink = facts.recorded() ? rings.lend().map(SpurtSink::new) : Optional.empty();
        sink.ifPresent(ready -> {
            running.put(facts.spurt(), new Running(facts, ready, nanoTime.getAsLong()));
            LockSupport.unpark(thread);
        });
        book.began(facts);
        return sink.map(RtpSink.class::cast);
    }

    @Override
    public void ended(Talk talk, Instant at) {
        Running ending = running.get(talk.id());
        if (ending != null) {
            ending.sink.shut();
            ending.ended = at;
            return;
        }
        SpurtFacts facts = SpurtFacts.of(site, talk, names.apply(talk.talker()), 0);
        Optional<Spurt.Fault> fault = facts.recorded() ? Optional.of(Spurt.Fault.TOO_MANY) : Optional.empty();
        book.sealed(new Spurt(facts, Optional.of(at), Optional.empty(), fault));
    }

    /** Whether this process writes it now. */
    boolean writes(UUID spurt) {
        return running.containsKey(spurt);
    }

    private void run() {
        while (!closed) {
            try {
                step();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("talk.recorder.failed");
            }
            LockSupport.parkNanos(this, running.isEmpty() ? IDLE_NANOS : LOOK_NANOS);
        }
    }

    /** Brings what has come to the files, and ends those whose talk has ended. On the recorder's thread, or a test's. */
    void step() {
        lookAtRoom();
        for (Running talk : running.values()) {
            Instant ended = talk.ended;
            boolean last = ended != null && talk.sink.isQuiet();
            write(talk);
            if (last && ended != null) {
                end(talk, ended);
            }
        }
    }

    private void lookAtRoom() {
        long now = nanoTime.getAsLong();
        if (running.isEmpty() || roomAt != Long.MIN_VALUE && now - roomAt < ROOM_EVERY.toNanos()) {
            return;
        }
        roomAt = now;
        try {
            boolean none = room.bytes() < settings.reserve().toBytes();
            if (none && !full) {
                LOG.atError().addKeyValue("folder", folder.root()).log("talk.recording.disk-full");
            }
            full = none;
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("talk.recording.room-unknown");
        }
    }

    private void write(Running talk) {
        try {
            SpurtWriter file = talk.file;
            if (file == null && !talk.failed && !full) {
                file = SpurtWriter.open(folder, talk.facts, clock, nanoTime);
                talk.file = file;
            }
            drain(talk, file);
            long now = nanoTime.getAsLong();
            if (file != null
                    && !talk.failed
                    && now - talk.syncedAt >= settings.syncEvery().toNanos()) {
                file.sync();
                talk.syncedAt = now;
            }
        } catch (IOException e) {
            fail(talk, e);
        }
    }

    private void drain(Running talk, @Nullable SpurtWriter file) throws IOException {
        int[] unwritten = new int[1];
        talk.sink.ring().take(packet, (bytes, length, arrival) -> {
            if (file == null || talk.failed || full) {
                unwritten[0]++;
                return;
            }
            try {
                file.packet(bytes, length, arrival);
            } catch (IOException e) {
                fail(talk, e);
                unwritten[0]++;
            }
        });
        int missing = talk.sink.lost() - talk.lostTold;
        talk.lostTold += missing;
        if (file != null && !talk.failed && missing + unwritten[0] > 0) {
            file.lost(missing + unwritten[0]);
        }
    }

    private static void fail(Running talk, IOException e) {
        if (!talk.failed) {
            LOG.atError().addKeyValue("spurt", talk.facts.spurt()).setCause(e).log("talk.recording.failed");
        }
        talk.failed = true;
    }

    private void end(Running talk, Instant at) {
        Optional<Spurt.Audio> audio = Optional.empty();
        SpurtWriter file = talk.file;
        if (file != null && !talk.failed) {
            try {
                SpurtWriter.Sealed sealed = file.end(at);
                audio = Optional.of(new Spurt.Audio(
                        sealed.audioAt(), sealed.bytes(), sealed.sha256(), sealed.packets(), sealed.lost()));
            } catch (IOException e) {
                fail(talk, e);
            }
        }
        // Of a file that failed, what there is is found and sealed when the program starts anew.
        Optional<Spurt.Fault> fault = audio.isEmpty() ? Optional.of(Spurt.Fault.DISK) : Optional.empty();
        if (file == null || audio.isPresent()) {
            book.sealed(new Spurt(talk.facts, Optional.of(at), audio, fault));
        } else {
            close(file);
        }
        running.remove(talk.facts.spurt());
        rings.giveBack(talk.sink.ring());
    }

    private static void close(SpurtWriter file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file.file()).setCause(e).log("talk.recording.not-closed");
        }
    }

    /** Whether nothing is written as the disk has no room. */
    boolean isFull() {
        return full;
    }

    /** Talks that are recorded now. */
    int running() {
        return running.size();
    }

    /** Seals what still runs. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Running talk : running.values()) {
            talk.sink.shut();
            if (talk.ended == null) {
                talk.ended = clock.instant();
            }
        }
        step();
    }
}
