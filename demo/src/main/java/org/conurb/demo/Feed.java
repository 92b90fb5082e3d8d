package org.conurb.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pictures of one playing session, one after another; begins with a key picture. Confined to the server's thread. */
final class Feed {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final String STAMP = "conurb-timestamp";
    private static final int PICTURES_A_KEY = 2 * ClipMaker.FRAMES_A_SECOND;

    private final SimCamera camera;
    private final boolean sub;
    private Clip clip;
    private @Nullable SliceWriter slices;
    private @Nullable ClockStrip strip;
    private int position;
    private Fault shown = Fault.NONE;
    private int since;
    private int frozenKey;
    private String text = "";

    /** @param start picture of the loop to begin near */
    Feed(SimCamera camera, boolean sub, int start) {
        this.camera = camera;
        this.sub = sub;
        this.clip = camera.clip(sub);
        this.position = clip.keyBefore(Math.floorMod(start, clip.pictures().size()));
        open();
    }

    private void open() {
        slices = clip.strip() == 0 ? null : new SliceWriter(SequenceSet.read(clip.sps()), clip.pps());
        strip = slices == null ? null : new ClockStrip(slices, clip.strip());
    }

    /** The next picture with all that goes before it. */
    Clip.Picture next(Instant now) {
        Clip.Picture picture = drawn(now);
        return camera.stamped() ? stamped(picture, now) : picture;
    }

    /**
     * Says when it was sent: unregistered user data (H.264 §D.1.6) with {@link #STAMP} for its UUID and microseconds since
     * 1970 in 16 digits, behind parameter sets where there are some.
     */
    private static Clip.Picture stamped(Clip.Picture picture, Instant now) {
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        byte[] text = (STAMP + "%016d".formatted(micros)).getBytes(US_ASCII);
        byte[] sei = ByteBuffer.allocate(4 + text.length)
                .put(new byte[] {6, 5, (byte) text.length})
                .put(text)
                .put((byte) 0x80)
                .array();
        List<byte[]> all = new ArrayList<>(picture.payloads());
        all.add(picture.key() ? 1 : 0, sei); // behind the parameter sets, which go together
        return new Clip.Picture(picture.key(), picture.number(), picture.idr(), all);
    }

    private Clip.Picture drawn(Instant now) {
        Fault fault = camera.fault();
        if (fault != shown) {
            change(fault);
        }
        if (strip == null || slices == null) {
            Clip.Picture picture = advance();
            return picture.key() ? with(List.of(clip.sps(), clip.pps()), picture) : picture;
        }
        if (fault != Fault.FROZEN || text.isEmpty()) {
            text = camera.name() + "  " + TIME.format(now);
        }
        if (fault == Fault.BLACK || fault == Fault.FROZEN) {
            return standing(slices, strip, fault == Fault.BLACK);
        }
        Clip.Picture picture = advance();
        if (picture.key()) {
            List<byte[]> before = new ArrayList<>(List.of(clip.sps(), clip.pps()));
            before.addAll(strip.key(picture.idr(), text));
            return with(before, picture);
        }
        return with(strip.next(picture.number(), text), picture);
    }

    private Clip.Picture advance() {
        Clip.Picture picture = clip.pictures().get(position);
        position = (position + 1) % clip.pictures().size();
        return picture;
    }

    private void change(Fault fault) {
        shown = fault;
        since = 0;
        frozenKey = clip.keyBefore(position);
        clip = camera.clip(sub);
        position = clip.keyBefore(position % clip.pictures().size());
    }

    private static Clip.Picture with(List<byte[]> before, Clip.Picture picture) {
        List<byte[]> all = new ArrayList<>(RtpPayloads.of(before));
        all.addAll(picture.payloads());
        return new Clip.Picture(picture.key(), picture.number(), picture.idr(), all);
    }

    /** A picture that does not change, with a key picture every two seconds. */
    private Clip.Picture standing(SliceWriter slices, ClockStrip strip, boolean black) {
        int number = since++ % PICTURES_A_KEY;
        if (number > 0) {
            List<byte[]> nals = new ArrayList<>(strip.next(number, text));
            nals.add(slices.same(clip.strip(), number));
            return new Clip.Picture(false, number, 0, RtpPayloads.of(nals));
        }
        int idr = since / PICTURES_A_KEY & 1;
        List<byte[]> nals = new ArrayList<>(List.of(clip.sps(), clip.pps()));
        Clip.Picture frozen = clip.pictures().get(frozenKey);
        nals.addAll(strip.key(black ? idr : frozen.idr(), text));
        if (!black) {
            return with(nals, frozen);
        }
        for (int row = clip.strip(); row < slices.set().rows(); row++) {
            byte[] @Nullable [] blocks = new byte[slices.set().columns()][];
            blocks[0] = blackBlock();
            nals.add(slices.keyRow(row, idr, blocks));
        }
        return new Clip.Picture(true, 0, idr, RtpPayloads.of(nals));
    }

    private static byte[] blackBlock() {
        byte[] block = new byte[384];
        java.util.Arrays.fill(block, 0, 256, (byte) 16);
        java.util.Arrays.fill(block, 256, 384, (byte) 128);
        return block;
    }
}
