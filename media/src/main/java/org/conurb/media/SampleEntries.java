package org.conurb.media;

import java.util.List;

/** Writes what a decoder must know of a track into {@code stsd} (ISO/IEC 14496-12 §8.5.2). */
final class SampleEntries {
    private final BoxWriter out;

    SampleEntries(BoxWriter out) {
        this.out = out;
    }

    void write(TrackFormat format) {
        switch (format) {
            case TrackFormat.H264 h264 -> avc1(h264);
            case TrackFormat.H265 h265 -> hvc1(h265);
            case TrackFormat.Aac aac -> mp4a(aac);
            case TrackFormat.Opus opus -> opus(opus);
            case TrackFormat.G711 _ -> flac();
        }
    }

    /** ISO/IEC 14496-15 §5.4.2.1, §5.3.3.1.2. */
    private void avc1(TrackFormat.H264 format) {
        H264Sps sps = H264Sps.parse(format.sps().getFirst()).orElseThrow();
        int entry = video("avc1", sps.size());
        int box = out.open(BoxWriter.type("avcC"));
        ParameterSet first = format.sps().getFirst();
        out.u8(1).u8(first.at(1)).u8(first.at(2)).u8(first.at(3)).u8(0xFF);
        out.u8(0xE0 | format.sps().size());
        sets(format.sps());
        out.u8(format.pps().size());
        sets(format.pps());
        if (sps.high()) {
            out.u8(0xFC | sps.chromaFormat())
                    .u8(0xF8 | sps.lumaBits() - 8)
                    .u8(0xF8 | sps.chromaBits() - 8)
                    .u8(0);
        }
        out.close(box);
        out.close(entry);
    }

    /** ISO/IEC 14496-15 §8.4.1, §8.3.3.1.2. */
    private void hvc1(TrackFormat.H265 format) {
        H265Sps sps = H265Sps.parse(format.sps().getFirst()).orElseThrow();
        int entry = video("hvc1", sps.size());
        int box = out.open(BoxWriter.type("hvcC"));
        out.u8(1).u8(sps.profile()).u32((int) sps.compatibility());
        out.u16((int) (sps.constraints() >> 32)).u32((int) sps.constraints()).u8(sps.level());
        out.u16(0xF000).u8(0xFC).u8(0xFC | sps.chromaFormat());
        out.u8(0xF8 | sps.lumaBits() - 8).u8(0xF8 | sps.chromaBits() - 8).u16(0);
        out.u8(sps.layers() << 3 | (sps.nested() ? 4 : 0) | 3).u8(3);
        array(32, format.vps());
        array(33, format.sps());
        array(34, format.pps());
        out.close(box);
        out.close(entry);
    }

    private void array(int type, List<ParameterSet> sets) {
        out.u8(0x80 | type).u16(sets.size());
        sets(sets);
    }

    private void sets(List<ParameterSet> sets) {
        for (ParameterSet set : sets) {
            out.u16(set.length()).put(set.bytes());
        }
    }

    /** ISO/IEC 14496-14 §6.7.2, descriptors by ISO/IEC 14496-1 §7.2.6. */
    private void mp4a(TrackFormat.Aac format) {
        int entry = audio("mp4a", format.channels(), format.clockRate());
        int box = out.open(BoxWriter.type("esds"), 0, 0);
        int config = format.config().length();
        out.u8(3).u8(3 + 2 + 13 + 2 + config + 3).u16(0).u8(0);
        out.u8(4).u8(13 + 2 + config).u8(0x40).u8(0x15).u8(0).u16(0).u32(0).u32(0);
        out.u8(5).u8(config).put(format.config().bytes());
        out.u8(6).u8(1).u8(2);
        out.close(box);
        out.close(entry);
    }

    /** "Encapsulation of Opus in ISO Base Media File Format" §4.3.2; no pre-skip: a live stream has no beginning. */
    private void opus(TrackFormat.Opus format) {
        int entry = audio("Opus", format.channels(), format.clockRate());
        int box = out.open(BoxWriter.type("dOps"));
        out.u8(0).u8(format.channels()).u16(0).u32(format.clockRate()).u16(0).u8(0);
        out.close(box);
        out.close(entry);
    }

    /** "Encapsulation of FLAC in ISO Base Media File Format" §3.3.2; STREAMINFO by RFC 9639 §8.2. */
    private void flac() {
        int entry = audio("fLaC", 1, 8_000);
        int box = out.open(BoxWriter.type("dfLa"), 0, 0);
        out.u32(0x8000_0000 | 34).u16(16).u16(FlacFrames.MAX_SAMPLES).zeros(6);
        out.u64(8_000L << 44 | 15L << 36).zeros(16);
        out.close(box);
        out.close(entry);
    }

    private int video(String type, VideoSize size) {
        int entry = out.open(BoxWriter.type(type));
        out.zeros(6).u16(1).zeros(16).u16(size.width()).u16(size.height());
        out.u32(0x0048_0000).u32(0x0048_0000).u32(0).u16(1).zeros(32).u16(24).u16(0xFFFF);
        return entry;
    }

    private int audio(String type, int channels, int rate) {
        int entry = out.open(BoxWriter.type(type));
        out.zeros(6).u16(1).zeros(8).u16(channels).u16(16).u32(0).u32(rate << 16);
        return entry;
    }
}
