package org.conurb.media;

import java.util.Optional;

/**
 * What is needed of a sequence parameter set of H.264 (ISO/IEC 14496-10 §7.3.2.1.1, E.1.1).
 *
 * @param chromaFormat 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4
 * @param reorderDepth pictures that may be decoded before and shown after one; -1 where the set does not tell
 * @param frameTicks length of a picture in 90 kHz ticks; 0 where the set does not tell
 */
record H264Sps(
        VideoSize size,
        int profile,
        int level,
        int chromaFormat,
        int lumaBits,
        int chromaBits,
        int reorderDepth,
        long frameTicks) {
    static Optional<H264Sps> parse(ParameterSet set) {
        return set.length() < 5 || (set.at(0) & 0x1F) != 7
                ? Optional.empty()
                : new Parser(new BitReader(set, 1)).parse();
    }

    /** Whether avcC carries the fields of the high profiles (ISO/IEC 14496-15 §5.3.3.1.2). */
    boolean high() {
        return profile == 100 || profile == 110 || profile == 122 || profile == 144;
    }

    private static final class Parser {
        private final BitReader in;
        private int chromaFormat = 1;
        private boolean separatePlanes;
        private int lumaBits = 8;
        private int chromaBits = 8;
        private int reorder = -1;
        private long frameTicks;

        private Parser(BitReader in) {
            this.in = in;
        }

        private Optional<H264Sps> parse() {
            int profile = (int) in.bits(8);
            boolean intraOnly = (in.bits(8) & 0x10) != 0;
            int level = (int) in.bits(8);
            in.golomb(31);
            if (hasChroma(profile)) {
                chroma();
            }
            in.golomb(12);
            int orderType = order();
            in.golomb(16);
            in.skip(1);
            VideoSize size = size();
            if (profile == 66 || orderType == 2 || (intraOnly && hasChroma(profile))) {
                reorder = 0; // §C.4.2: output order is decoding order
            }
            if (in.flag()) {
                timing();
            }
            return in.broken() || !size.sensible()
                    ? Optional.empty()
                    : Optional.of(
                            new H264Sps(size, profile, level, chromaFormat, lumaBits, chromaBits, reorder, frameTicks));
        }

        private static boolean hasChroma(int profile) {
            return switch (profile) {
                case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
                default -> false;
            };
        }

        private void chroma() {
            chromaFormat = in.golomb(3);
            separatePlanes = chromaFormat == 3 && in.flag();
            lumaBits = 8 + in.golomb(6);
            chromaBits = 8 + in.golomb(6);
            in.skip(1);
            if (in.flag()) {
                for (int list = 0; list < (chromaFormat == 3 ? 12 : 8) && !in.broken(); list++) {
                    if (in.flag()) {
                        scalingList(list < 6 ? 16 : 64);
                    }
                }
            }
        }

        private void scalingList(int entries) {
            int last = 8;
            int next = 8;
            for (int i = 0; i < entries && !in.broken(); i++) {
                if (next != 0) {
                    next = (last + in.signedGolomb()) & 0xFF;
                }
                last = next == 0 ? last : next;
            }
        }

        private int order() {
            int type = in.golomb(2);
            if (type == 0) {
                in.golomb(12);
            } else if (type == 1) {
                in.skip(1);
                in.signedGolomb();
                in.signedGolomb();
                int cycle = in.golomb(255);
                for (int i = 0; i < cycle && !in.broken(); i++) {
                    in.signedGolomb();
                }
            }
            return type;
        }

        private VideoSize size() {
            int width = 16 * (in.golomb(VideoSize.MAX / 16) + 1);
            int mapUnits = in.golomb(VideoSize.MAX / 16) + 1;
            int fields = in.flag() ? 1 : 2;
            if (fields == 2) {
                in.skip(1);
            }
            int height = 16 * mapUnits * fields;
            in.skip(1);
            if (in.flag()) {
                boolean sampled = chromaFormat != 0 && !separatePlanes;
                int unitX = sampled && chromaFormat != 3 ? 2 : 1;
                int unitY = (sampled && chromaFormat == 1 ? 2 : 1) * fields;
                width -= unitX * (in.golomb(VideoSize.MAX) + in.golomb(VideoSize.MAX));
                height -= unitY * (in.golomb(VideoSize.MAX) + in.golomb(VideoSize.MAX));
            }
            return new VideoSize(width, height);
        }

        /** Annex E.1.1. */
        private void timing() {
            if (in.flag() && in.bits(8) == 255) {
                in.skip(32);
            }
            if (in.flag()) {
                in.skip(1);
            }
            if (in.flag()) {
                in.skip(4);
                if (in.flag()) {
                    in.skip(24);
                }
            }
            if (in.flag()) {
                in.golomb(5);
                in.golomb(5);
            }
            if (in.flag()) {
                long unit = in.bits(32);
                long scale = in.bits(32);
                in.skip(1);
                frameTicks = scale == 0 ? 0 : Math.min(90_000, 2 * unit * 90_000 / scale);
            }
            boolean nal = in.flag();
            if (nal) {
                hypotheticalDecoder();
            }
            boolean vcl = in.flag();
            if (vcl) {
                hypotheticalDecoder();
            }
            if (nal || vcl) {
                in.skip(1);
            }
            in.skip(1);
            if (in.flag()) {
                in.skip(1);
                in.golomb(16);
                in.golomb(16);
                in.golomb(32);
                in.golomb(32);
                reorder = in.golomb(16);
                in.golomb(16);
            }
        }

        private void hypotheticalDecoder() {
            int count = in.golomb(31) + 1;
            in.skip(8);
            for (int i = 0; i < count && !in.broken(); i++) {
                in.golomb(Integer.MAX_VALUE);
                in.golomb(Integer.MAX_VALUE);
                in.skip(1);
            }
            in.skip(20);
        }
    }
}
