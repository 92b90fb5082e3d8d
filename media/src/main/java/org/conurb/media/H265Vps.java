package org.conurb.media;

import java.util.Optional;

/**
 * What is needed of a video parameter set of H.265 (ITU-T H.265 §7.3.2.1).
 *
 * @param frameTicks length of a picture in 90 kHz ticks; 0 where the set does not tell
 */
record H265Vps(int layers, long frameTicks) {
    static Optional<H265Vps> parse(ParameterSet set) {
        if (set.length() < 16 || (set.at(0) >> 1 & 0x3F) != 32) {
            return Optional.empty();
        }
        BitReader in = new BitReader(set, 2);
        in.skip(12);
        int layers = (int) in.bits(3) + 1;
        in.skip(1 + 16 + 96);
        if (layers > 1) {
            return in.broken() ? Optional.empty() : Optional.of(new H265Vps(layers, 0));
        }
        in.skip(1);
        in.golomb(16);
        in.golomb(16);
        in.golomb(Integer.MAX_VALUE);
        int maxLayerId = (int) in.bits(6);
        int layerSets = in.golomb(1023);
        in.skip(layerSets * (maxLayerId + 1));
        long ticks = 0;
        if (in.flag()) {
            long unit = in.bits(32);
            long scale = in.bits(32);
            ticks = scale == 0 ? 0 : Math.min(90_000, unit * 90_000 / scale);
        }
        return in.broken() ? Optional.empty() : Optional.of(new H265Vps(layers, ticks));
    }
}
