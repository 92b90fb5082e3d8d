package org.conurb.demo;

/**
 * What of an H.264 Baseline sequence parameter set (§7.3.2.1.1) the simulator needs.
 *
 * @param frameNumberBits length of frame_num in slice headers
 * @param columns rows in macroblocks
 */
record SequenceSet(int profile, int constraints, int level, int frameNumberBits, int columns, int rows) {

    static SequenceSet read(byte[] nal) {
        return walk(nal, 0, new BitWriter());
    }

    /** The same set for a picture that has {@code more} further rows of macroblocks. */
    static byte[] taller(byte[] nal, int more) {
        BitWriter copy = new BitWriter();
        walk(nal, more, copy);
        return copy.nal(nal[0]);
    }

    private static SequenceSet walk(byte[] nal, int more, BitWriter copy) {
        BitReader in = new BitReader(nal);
        int profile = copied(copy, 8, in.u(8));
        int constraints = copied(copy, 8, in.u(8));
        int level = copied(copy, 8, in.u(8));
        if (profile != 66 && profile != 77) {
            throw new IllegalArgumentException(
                    "The clip is not H.264 Baseline or Main (profile %d).".formatted(profile));
        }
        copied(copy, in.ue()); // seq_parameter_set_id
        int frameNumberBits = 4 + copied(copy, in.ue());
        if (copied(copy, in.ue()) != 2) {
            throw new IllegalArgumentException(
                    "The clip's pictures are not in the order of their coding: no B frames.");
        }
        copied(copy, in.ue()); // max_num_ref_frames
        copied(copy, 1, in.u(1));
        int columns = 1 + copied(copy, in.ue());
        int rows = 1 + in.ue();
        copy.ue(rows + more - 1);
        in.copyRest(copy);
        return new SequenceSet(profile, constraints, level, frameNumberBits, columns, rows + more);
    }

    private static int copied(BitWriter to, int value) {
        to.ue(value);
        return value;
    }

    private static int copied(BitWriter to, int bits, int value) {
        to.u(bits, value);
        return value;
    }
}
