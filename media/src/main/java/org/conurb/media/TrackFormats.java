package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@link TrackFormat}s from the parameters of a session description. What is broken there is taken as absent: it may still come in band. */
final class TrackFormats {
    private static final int[] AAC_RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    private TrackFormats() {}

    /** RFC 6184 §8.1: sprop-parameter-sets, Base64 between commas. */
    static TrackFormat.H264 h264(Map<String, String> parameters) {
        List<ParameterSet> sps = new ArrayList<>();
        List<ParameterSet> pps = new ArrayList<>();
        for (ParameterSet set : sets(parameters, "sprop-parameter-sets")) {
            switch (set.at(0) & 0x1F) {
                case 7 -> sps.add(set);
                case 8 -> pps.add(set);
                default -> {
                    // other NAL units have no place in a file's header
                }
            }
        }
        return new TrackFormat.H264(sps, pps);
    }

    /** RFC 7798 §7.1: sprop-vps, sprop-sps, sprop-pps. */
    static TrackFormat.H265 h265(Map<String, String> parameters) {
        return new TrackFormat.H265(
                ofType(sets(parameters, "sprop-vps"), 32),
                ofType(sets(parameters, "sprop-sps"), 33),
                ofType(sets(parameters, "sprop-pps"), 34),
                number(parameters, "sprop-max-don-diff", 0) > 0);
    }

    /** RFC 3640 §4.1: only mode AAC-hbr and AAC-lbr alike sizes; config is needed. */
    static Optional<TrackFormat> aac(SessionDescription.RtpMap map, Map<String, String> parameters) {
        int sizeLength = number(parameters, "sizelength", 13);
        int indexLength = number(parameters, "indexlength", 3);
        if (sizeLength < 1 || sizeLength > 16 || indexLength < 0 || indexLength > 8) {
            return Optional.empty();
        }
        return config(parameters.getOrDefault("config", "")).flatMap(config -> {
            int rate = rate(config);
            int channels = config.at(1) >> 3 & 0x0F;
            return rate != map.clockRate()
                    ? Optional.empty()
                    : Optional.of(new TrackFormat.Aac(
                            rate, channels == 0 ? map.channels() : channels, config, sizeLength, indexLength));
        });
    }

    static Optional<TrackFormat> g711(SessionDescription.RtpMap map, TrackFormat.G711.Law law) {
        return map.clockRate() == 8_000 && map.channels() == 1
                ? Optional.of(new TrackFormat.G711(law))
                : Optional.empty();
    }

    private static Optional<ParameterSet> config(String hex) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hex);
            return bytes.length >= 2 && bytes.length <= 64
                    ? ParameterSet.of(ByteBuffer.wrap(bytes), 0, bytes.length)
                    : Optional.empty();
        } catch (IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }

    private static int rate(ParameterSet config) {
        int index = (config.at(0) & 7) << 1 | config.at(1) >> 7;
        if (index < AAC_RATES.length) {
            return AAC_RATES[index];
        }
        return index == 15 && config.length() >= 5
                ? (config.at(1) & 0x7F) << 17 | config.at(2) << 9 | config.at(3) << 1 | config.at(4) >> 7
                : 0;
    }

    private static List<ParameterSet> sets(Map<String, String> parameters, String name) {
        return Arrays.stream(parameters.getOrDefault(name, "").split(","))
                .limit(3L * TrackFormat.H264.MAX_SETS)
                .map(ParameterSet::ofBase64)
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<ParameterSet> ofType(List<ParameterSet> sets, int type) {
        return sets.stream().filter(set -> (set.at(0) >> 1 & 0x3F) == type).toList();
    }

    private static int number(Map<String, String> parameters, String name, int otherwise) {
        try {
            return Integer.parseInt(parameters.getOrDefault(name, String.valueOf(otherwise)));
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }
}
