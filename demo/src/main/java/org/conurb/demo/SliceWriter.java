package org.conurb.demo;

import org.jspecify.annotations.Nullable;

/**
 * Writes H.264 slices without an encoder: of raw macroblocks (I_PCM), of ones that repeat their left neighbour's mean, and
 * of skipped ones. Syntax: §7.3.3 slice header, §7.3.5 macroblock; CAVLC. Each row is a slice of its own, so that no
 * macroblock has a neighbour above (§6.4.11), which keeps prediction and coeff_token trivial.
 */
final class SliceWriter {
    private static final int P = 5;
    private static final int I = 7;
    private static final int I_PCM = 25;
    /** Intra 16x16, mean prediction, no coefficients. */
    private static final int I_MEAN = 3;
    /** Of {@link #I_PCM} among the types of P slices. */
    private static final int PCM_IN_P = 5 + I_PCM;
    /** So low that deblocking leaves the edges to the picture below alone (§8.7.2.2). */
    private static final int QP = 4;

    private static final int KEY = 0x65;
    private static final int INTER = 0x41;

    private final SequenceSet set;
    private final int initialQp;

    SliceWriter(SequenceSet set, byte[] pps) {
        this.set = set;
        BitReader in = new BitReader(pps);
        in.ue();
        in.ue();
        if (in.u(1) != 0) {
            throw new IllegalArgumentException("The clip is coded with CABAC; CAVLC is needed.");
        }
        in.u(1);
        in.ue();
        in.ue();
        in.ue();
        in.u(3);
        this.initialQp = 26 + in.se();
        in.se();
        in.se();
        if (in.u(1) != 1) {
            throw new IllegalArgumentException("The clip's slices do not say how they are deblocked.");
        }
    }

    SequenceSet set() {
        return set;
    }

    /**
     * One row of a key picture.
     *
     * @param blocks for each macroblock 384 samples (luma, Cb, Cr), or null to repeat the mean of the one on its left; the
     *     first must not be null
     */
    byte[] keyRow(int row, int idr, byte[] @Nullable [] blocks) {
        BitWriter out = header(row, I, 0);
        out.ue(idr).u(2, 0);
        tail(out);
        boolean leftRaw = false;
        for (byte[] block : blocks) {
            if (block != null) {
                raw(out.ue(I_PCM), block);
            } else {
                out.ue(I_MEAN).ue(0).se(0);
                // Intra16x16DCLevel: no coefficients, nC is the left one's count: 16 after I_PCM, else 0 (§9.2.1)
                if (leftRaw) {
                    out.u(6, 3);
                } else {
                    out.u(1, 1);
                }
            }
            leftRaw = block != null;
        }
        return out.nal(KEY);
    }

    /** One row of another picture: macroblocks that are null stay as they are. */
    byte[] changedRow(int row, int frame, byte[] @Nullable [] blocks) {
        BitWriter out = header(row, P, frame).u(3, 0);
        tail(out);
        int skipped = 0;
        for (byte[] block : blocks) {
            if (block == null) {
                skipped++;
            } else {
                raw(out.ue(skipped).ue(PCM_IN_P), block);
                skipped = 0;
            }
        }
        if (skipped > 0) {
            out.ue(skipped);
        }
        return out.nal(INTER);
    }

    /** The rows from {@code row} to the end, all as they were. */
    byte[] same(int row, int frame) {
        BitWriter out = header(row, P, frame).u(3, 0);
        tail(out);
        out.ue((set.rows() - row) * set.columns());
        return out.nal(INTER);
    }

    private BitWriter header(int row, int type, int frame) {
        return new BitWriter()
                .ue(row * set.columns())
                .ue(type)
                .ue(0)
                .u(set.frameNumberBits(), frame & (1 << set.frameNumberBits()) - 1);
    }

    private void tail(BitWriter out) {
        out.se(QP - initialQp).ue(1);
    }

    private static void raw(BitWriter out, byte[] block) {
        out.alignWithZeros().bytes(block, 0, block.length);
    }
}
