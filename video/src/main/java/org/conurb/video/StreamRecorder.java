package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.conurb.media.Depacketizer;
import org.conurb.media.FrameSink;
import org.conurb.media.PacketRing;
import org.conurb.media.TrackFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one camera. The thread that receives says where fragments end; the camera's writer thread reads the packets from
 * the ring, puts frames together and hands them, fragment by fragment, to its {@link CameraFiles}. Nothing is copied
 * before, so a camera costs its ring and little else.
 */
final class StreamRecorder implements WriterThreads.Unsynced {
    private static final Logger log = LoggerFactory.getLogger(StreamRecorder.class);
    private static final int MOST_ORDERS = 64;

    private final CameraId camera;
    private final WriterThreads.Desk desk;
    private final WallClock wall;
    private final CameraFiles files;
    private final Queue<Order> orders = new ArrayDeque<>();
    private boolean queued;

    // From here on confined to the writer thread.
    private @Nullable Stream stream;
    private boolean waitKey = true;
    private GapReason reason;
    private boolean ended;
    private boolean syncsLater;

    private sealed interface Order {
        record Begin(PacketRing ring, long from, List<TrackFormat> formats) implements Order {}

        record UpTo(PacketRing ring, long position, boolean whole) implements Order {}

        record Outage(Optional<PacketRing> ring, GapReason reason) implements Order {}

        record Mark() implements Order {}

        record End(Runnable done) implements Order {}
    }

    /** What comes in between two connections. */
    private final class Stream {
        private final PacketRing ring;
        private final PacketRing.Reader reader;
        private final List<TrackFormat> formats;
        private final Depacketizer[] depacketizers;
        private final FrameSink[] sinks;
        private final FragmentTimes times;
        private long arrival90k;
        private boolean formatChanged;
        private boolean restarted;

        Stream(PacketRing ring, long from, List<TrackFormat> formats) {
            this.ring = ring;
            this.reader = ring.reader(from);
            this.formats = new ArrayList<>(formats);
            this.times = new FragmentTimes(formats);
            this.depacketizers = new Depacketizer[formats.size()];
            this.sinks = new FrameSink[formats.size()];
            for (int track = 0; track < depacketizers.length; track++) {
                depacketizers[track] = Depacketizer.of(formats.get(track));
                sinks[track] = new Frames(this, track);
            }
        }
    }

    private final class Frames implements FrameSink {
        private final Stream of;
        private final int track;

        Frames(Stream of, int track) {
            this.of = of;
            this.track = track;
        }

        @Override
        public void frame(long rtpTime, boolean key, boolean damaged, ByteBuffer sample) {
            boolean video = of.formats.get(track).video();
            if (video && key && !damaged) {
                waitKey = false;
            }
            if (!waitKey) {
                int most = of.ring.capacity() * 2;
                boolean taken = desk.buffers().add(track, rtpTime, of.arrival90k, key, damaged, sample, most);
                waitKey = !taken;
            }
        }

        @Override
        public void formatChanged(TrackFormat format) {
            if (!format.equals(of.formats.get(track))) {
                // What is whole belongs to the old header.
                write(of);
                of.formats.set(track, format);
                of.formatChanged = true;
            }
        }

        @Override
        public void restarted() {
            of.times.restart(track);
            if (of.formats.get(track).video()) {
                write(of);
                of.restarted = true;
                waitKey = true;
                reason = GapReason.STREAM_RESTARTED;
            }
        }
    }

    /** @param before why nothing was recorded until now */
    StreamRecorder(CameraId camera, WriterThreads.Desk desk, WallClock wall, CameraFiles files, GapReason before) {
        this.reason = before;
        this.camera = camera;
        this.desk = desk;
        this.wall = wall;
        this.files = files;
    }

    CameraFiles files() {
        return files;
    }

    /** A new connection: packets of this ring from now on. What came before it is written. */
    void begin(PacketRing ring, List<TrackFormat> formats) {
        order(new Order.Begin(ring, ring.next(), List.copyOf(formats)));
    }

    /**
     * Counts only while that ring is the one that is recorded.
     *
     * @param whole whether a picture ends there
     */
    void upTo(PacketRing ring, long position, boolean whole) {
        order(new Order.UpTo(ring, position, whole));
    }

    /** There is no stream; what follows is missing for this reason. */
    void outage(GapReason why) {
        order(new Order.Outage(Optional.empty(), why));
    }

    /** As {@link #outage(GapReason)}, unless another ring is recorded by now. */
    void outage(PacketRing of, GapReason why) {
        order(new Order.Outage(Optional.of(of), why));
    }

    /** About each minute: gaps that last are written in pieces, hours that have passed are closed. */
    void mark() {
        order(new Order.Mark());
    }

    /** Writes what is there and closes the files. */
    void end(Runnable done) {
        order(new Order.End(done));
    }

    private void order(Order order) {
        synchronized (orders) {
            if (orders.size() >= MOST_ORDERS && (order instanceof Order.UpTo || order instanceof Order.Mark)) {
                return; // the disk is far behind: the next order takes what this one would have, or the ring has lost
                // it
            }
            orders.add(order);
            if (queued) {
                return;
            }
            queued = true;
        }
        desk.add(this::work);
    }

    private void work() {
        Order order;
        synchronized (orders) {
            order = orders.poll();
        }
        try {
            if (order != null) {
                follow(order);
            }
            if (files.dirty() && !syncsLater) {
                syncsLater = true;
                desk.syncLater(this);
            }
        } finally {
            boolean more;
            synchronized (orders) {
                more = !orders.isEmpty();
                queued = more;
            }
            if (more) {
                desk.add(this::work);
            }
        }
    }

    @Override
    public long sinceNanos() {
        return files.dirtySince();
    }

    @Override
    public void sync() {
        syncsLater = false;
        guarded(files::sync);
    }

    private void follow(Order order) {
        if (ended) {
            return;
        }
        switch (order) {
            case Order.Begin(PacketRing ring, long from, List<TrackFormat> formats) -> {
                if (stream != null) {
                    takeAll(stream);
                    reason = GapReason.STREAM_RESTARTED;
                }
                stream = new Stream(ring, from, formats);
                waitKey = true;
            }
            case Order.UpTo(PacketRing ring, long position, boolean whole) -> {
                if (stream != null && stream.ring == ring) {
                    take(stream, position, whole);
                }
            }
            case Order.Outage(Optional<PacketRing> ring, GapReason why) -> {
                Stream now = stream;
                if (now == null || ring.isEmpty() || ring.get() == now.ring) {
                    stream = null;
                    waitKey = true;
                    reason = why;
                    guarded(() -> files.pause(why));
                }
            }
            case Order.Mark() -> guarded(() -> files.mark(stream == null || waitKey, reason));
            case Order.End(Runnable done) -> {
                if (stream != null) {
                    takeAll(stream);
                }
                guarded(files::close);
                ended = true;
                done.run();
            }
        }
    }

    private void takeAll(Stream of) {
        take(of, of.ring.next(), true);
    }

    private void take(Stream of, long position, boolean whole) {
        wall.adjust();
        FragmentDesk buffers = desk.buffers();
        buffers.clear();
        of.restarted = false;
        while (of.reader.position() < position) {
            switch (of.reader.take(buffers.packet)) {
                case TAKEN -> packet(of, buffers);
                case EMPTY -> {
                    return;
                }
                case OVERRUN -> overrun(of);
            }
        }
        if (whole) {
            for (int track = 0; track < of.depacketizers.length; track++) {
                if (of.formats.get(track).video()) {
                    of.depacketizers[track].flush(of.sinks[track]);
                }
            }
        }
        write(of);
    }

    private void packet(Stream of, FragmentDesk buffers) {
        int track = of.reader.track();
        boolean control = (of.reader.flags() & PacketRing.CONTROL) != 0;
        if (!control && track < of.depacketizers.length && buffers.rtp.wrap(buffers.packet)) {
            of.arrival90k = wall.ticks90k(of.reader.arrivalNanos());
            of.depacketizers[track].packet(buffers.rtp, of.sinks[track]);
        }
    }

    private void overrun(Stream of) {
        log.atWarn().addKeyValue("camera", camera).log("video.recorder.overrun");
        write(of);
        waitKey = true;
        reason = GapReason.OVERRUN;
        for (Depacketizer depacketizer : of.depacketizers) {
            depacketizer.lost();
        }
    }

    /** Writes the frames on the desk, and clears it. */
    private void write(Stream of) {
        FragmentDesk frames = desk.buffers();
        int from = 0;
        while (from < frames.count()) {
            int to = of.times.place(frames, from);
            int begin = from;
            if (to > from) {
                if (guarded(() -> files.write(frames, begin, to, of.times, of.formats, of.formatChanged, reason))) {
                    of.formatChanged = false;
                    reason = GapReason.PACKETS_LOST;
                }
            }
            if (to == frames.count()) {
                break;
            }
            jumped(of, frames.track(to));
            from = nextKey(of, frames, to);
        }
        frames.clear();
    }

    private void jumped(Stream of, int track) {
        log.atInfo().addKeyValue("camera", camera).log("video.recorder.clock-jump");
        of.times.restart(track);
        reason = GapReason.CLOCK_JUMP;
        guarded(files::cut);
    }

    /** Where a new file can begin among the frames on the desk. */
    private int nextKey(Stream of, FragmentDesk frames, int from) {
        for (int i = from; i < frames.count(); i++) {
            if (frames.key(i) && of.formats.get(frames.track(i)).video()) {
                return i;
            }
        }
        waitKey = true;
        return frames.count();
    }

    private interface DiskWork {
        void run() throws IOException;
    }

    /** @return false where the disk failed: nothing is written until the next key frame */
    private boolean guarded(DiskWork work) {
        try {
            work.run();
            return true;
        } catch (IOException e) {
            waitKey = true;
            reason = files.failed(e, reason);
            return false;
        }
    }
}
