package org.conurb.media;

import java.util.Locale;
import java.util.Optional;

/**
 * What is needed of a sequence parameter set of H.265 (ITU-T H.265 §7.3.2.2, §7.3.3). Timing is read from the video
 * parameter set ({@link H265Vps}), since it stands late in this one.
 *
 * @param profile byte of space, tier and profile
 * @param compatibility the 32 flags, first flag highest
 * @param constraints the 48 bits after them
 * @param reorderDepth pictures that may be decoded before and shown after one (sps_max_num_reorder_pics of the highest layer)
 */
record H265Sps(
        VideoSize size,
        int profile,
        long compatibility,
        long constraints,
        int level,
        int layers,
        boolean nested,
        int chromaFormat,
        int lumaBits,
        int chromaBits,
        int reorderDepth) {
    static Optional<H265Sps> parse(ParameterSet set) {
        if (set.length() < 16 || (set.at(0) >> 1 & 0x3F) != 33) {
            return Optional.empty();
        }
        BitReader in = new BitReader(set, 2);
        in.skip(4);
        int layers = (int) in.bits(3) + 1;
        boolean nested = in.flag();
        int profile = (int) in.bits(8);
        long compatibility = in.bits(32);
        long constraints = in.bits(24) << 24 | in.bits(24);
        int level = (int) in.bits(8);
        skipLayers(in, layers - 1);
        in.golomb(15);
        int chroma = in.golomb(3);
        boolean separate = chroma == 3 && in.flag();
        int width = in.golomb(VideoSize.MAX);
        int height = in.golomb(VideoSize.MAX);
        if (in.flag()) {
            int unitX = !separate && (chroma == 1 || chroma == 2) ? 2 : 1;
            int unitY = !separate && chroma == 1 ? 2 : 1;
            width -= unitX * (in.golomb(VideoSize.MAX) + in.golomb(VideoSize.MAX));
            height -= unitY * (in.golomb(VideoSize.MAX) + in.golomb(VideoSize.MAX));
        }
        int lumaBits = 8 + in.golomb(8);
        int chromaBits = 8 + in.golomb(8);
        in.golomb(12);
        int reorder = reorder(in, layers);
        VideoSize size = new VideoSize(width, height);
        return in.broken() || !size.sensible()
                ? Optional.empty()
                : Optional.of(new H265Sps(
                        size,
                        profile,
                        compatibility,
                        constraints,
                        level,
                        layers,
                        nested,
                        chroma,
                        lumaBits,
                        chromaBits,
                        reorder));
    }

    /** sps_seq_parameter_set_id, 0..15. */
    static int identifier(ParameterSet set) {
        BitReader in = new BitReader(set, 2);
        in.skip(4);
        int layers = (int) in.bits(3) + 1;
        in.skip(1 + 96);
        skipLayers(in, layers - 1);
        return in.golomb(15);
    }

    /** {@code hvc1.1.6.L93.B0} (ISO/IEC 14496-15 E.3). */
    String rfc6381() {
        String space = profile >> 6 == 0 ? "" : String.valueOf((char) ('A' + (profile >> 6) - 1));
        StringBuilder text = new StringBuilder("hvc1.%s%d.%s.%s%d"
                .formatted(
                        space,
                        profile & 0x1F,
                        Long.toHexString(Long.reverse(compatibility) >>> 32).toUpperCase(Locale.ROOT),
                        (profile & 0x20) != 0 ? "H" : "L",
                        level));
        int last = 6;
        while (last > 0 && (constraints >> (8 * (6 - last)) & 0xFF) == 0) {
            last--;
        }
        for (int i = 0; i < last; i++) {
            text.append('.')
                    .append(Long.toHexString(constraints >> (8 * (5 - i)) & 0xFF)
                            .toUpperCase(Locale.ROOT));
        }
        return text.toString();
    }

    private static void skipLayers(BitReader in, int below) {
        int present = 0;
        for (int i = 0; i < below; i++) {
            present |= (int) in.bits(2) << (2 * i);
        }
        if (below > 0) {
            in.skip(2 * (8 - below));
        }
        for (int i = 0; i < below; i++) {
            in.skip((present >> (2 * i) & 2) != 0 ? 88 : 0);
            in.skip((present >> (2 * i) & 1) != 0 ? 8 : 0);
        }
    }

    private static int reorder(BitReader in, int layers) {
        boolean each = in.flag();
        int reorder = 0;
        for (int i = each ? 0 : layers - 1; i < layers; i++) {
            in.golomb(16);
            reorder = in.golomb(16);
            in.golomb(Integer.MAX_VALUE);
        }
        return reorder;
    }
}
