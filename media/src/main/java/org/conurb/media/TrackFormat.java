package org.conurb.media;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a track carries and what a decoder must know of it before the first frame. Values; equal formats need no new file. */
public sealed interface TrackFormat {
    /** Ticks per second of its RTP timestamps. */
    int clockRate();

    /** The codec as RFC 6381 names it, as HLS and MSE ask for it; of a video without parameter sets, the bare sample entry. */
    String rfc6381();

    /** Whether all is known that a file's header needs; video without parameter sets is not complete yet. */
    boolean complete();

    default boolean video() {
        return this instanceof H264 || this instanceof H265;
    }

    /**
     * H.264 (RFC 6184).
     *
     * @param sps sequence parameter sets, in order of arrival, at most {@value #MAX_SETS}
     * @param pps picture parameter sets, likewise
     */
    record H264(List<ParameterSet> sps, List<ParameterSet> pps) implements TrackFormat {
        static final int MAX_SETS = 8;

        public H264 {
            sps = List.copyOf(sps);
            pps = List.copyOf(pps);
        }

        /** The first sequence parameter set, read; empty when there is none or it is broken. */
        public Optional<VideoSize> size() {
            return sps.isEmpty()
                    ? Optional.empty()
                    : H264Sps.parse(sps.getFirst()).map(H264Sps::size);
        }

        @Override
        public int clockRate() {
            return 90_000;
        }

        @Override
        public String rfc6381() {
            return sps.isEmpty() || sps.getFirst().length() < 4
                    ? "avc1"
                    : "avc1.%02x%02x%02x"
                            .formatted(
                                    sps.getFirst().at(1),
                                    sps.getFirst().at(2),
                                    sps.getFirst().at(3));
        }

        @Override
        public boolean complete() {
            return !pps.isEmpty() && size().isPresent();
        }
    }

    /**
     * H.265 (RFC 7798).
     *
     * @param donl whether packets carry decoding order numbers ({@code sprop-max-don-diff} over 0)
     */
    record H265(List<ParameterSet> vps, List<ParameterSet> sps, List<ParameterSet> pps, boolean donl)
            implements TrackFormat {
        public H265 {
            vps = List.copyOf(vps);
            sps = List.copyOf(sps);
            pps = List.copyOf(pps);
        }

        public Optional<VideoSize> size() {
            return sps.isEmpty()
                    ? Optional.empty()
                    : H265Sps.parse(sps.getFirst()).map(H265Sps::size);
        }

        @Override
        public int clockRate() {
            return 90_000;
        }

        @Override
        public String rfc6381() {
            return sps.isEmpty()
                    ? "hvc1"
                    : H265Sps.parse(sps.getFirst()).map(H265Sps::rfc6381).orElse("hvc1");
        }

        @Override
        public boolean complete() {
            return !vps.isEmpty() && !pps.isEmpty() && size().isPresent();
        }
    }

    /**
     * AAC as RFC 3640 AAC-hbr carries it.
     *
     * @param config AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1)
     * @param sizeLength bits of a size in an AU header; 13 in AAC-hbr
     * @param indexLength bits of an index, and of its delta; 3 in AAC-hbr
     */
    record Aac(int clockRate, int channels, ParameterSet config, int sizeLength, int indexLength)
            implements TrackFormat {
        @Override
        public String rfc6381() {
            return "mp4a.40." + (config.at(0) >> 3);
        }

        @Override
        public boolean complete() {
            return true;
        }
    }

    /** Opus (RFC 7587); its clock is 48 kHz always. */
    record Opus(int channels) implements TrackFormat {
        @Override
        public int clockRate() {
            return 48_000;
        }

        @Override
        public String rfc6381() {
            return "opus";
        }

        @Override
        public boolean complete() {
            return true;
        }
    }

    /** G.711 (RFC 3551 §4.5.14), one channel of 8 kHz; in files it is kept without loss as FLAC, since browsers play no G.711 in MP4. */
    record G711(Law law) implements TrackFormat {
        /** How a sample is companded (ITU-T G.711). */
        public enum Law {
            MU,
            A
        }

        @Override
        public int clockRate() {
            return 8_000;
        }

        @Override
        public String rfc6381() {
            return "fLaC";
        }

        @Override
        public boolean complete() {
            return true;
        }
    }

    /** What a media section offers under this payload type; empty when it is none of ours. */
    static Optional<TrackFormat> of(SessionDescription.Media media, int payloadType) {
        Optional<SessionDescription.RtpMap> map = media.rtpMap(payloadType);
        Map<String, String> parameters = media.formatParameters(payloadType);
        return switch (map.map(m -> m.encoding().toUpperCase(Locale.ROOT)).orElse("")) {
            case "H264" -> Optional.of(TrackFormats.h264(parameters));
            case "H265", "HEVC" -> Optional.of(TrackFormats.h265(parameters));
            case "MPEG4-GENERIC" -> TrackFormats.aac(map.orElseThrow(), parameters);
            case "OPUS" -> Optional.of(new Opus("1".equals(parameters.getOrDefault("sprop-stereo", "0")) ? 2 : 1));
            case "PCMU" -> TrackFormats.g711(map.orElseThrow(), G711.Law.MU);
            case "PCMA" -> TrackFormats.g711(map.orElseThrow(), G711.Law.A);
            default -> Optional.empty();
        };
    }
}
