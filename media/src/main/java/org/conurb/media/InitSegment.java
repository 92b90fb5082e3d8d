package org.conurb.media;

import java.util.List;

/** The head of a fragmented file: {@code ftyp} and {@code moov} (ISO/IEC 14496-12 §4.3, §8.2, §8.8; CMAF, ISO/IEC 23000-19). */
final class InitSegment {
    private static final int UNITY = 0x0001_0000;

    private final BoxWriter out = new BoxWriter(2_048);

    static byte[] of(List<TrackFormat> formats) {
        if (formats.isEmpty() || formats.size() > FragmentWriter.MAX_TRACKS) {
            throw new IllegalArgumentException("A file of %d tracks.".formatted(formats.size()));
        }
        formats.stream().filter(format -> !format.complete()).findFirst().ifPresent(format -> {
            throw new IllegalArgumentException(
                    "Parameter sets are missing of a track of %s.".formatted(format.rfc6381()));
        });
        return new InitSegment().write(formats);
    }

    private byte[] write(List<TrackFormat> formats) {
        int ftyp = out.open(BoxWriter.type("ftyp"));
        out.text("iso6").u32(0).text("iso6").text("cmfc").text("mp41");
        out.close(ftyp);
        int moov = out.open(BoxWriter.type("moov"));
        int mvhd = out.open(BoxWriter.type("mvhd"), 0, 0);
        out.u32(0)
                .u32(0)
                .u32(FragmentWriter.TICKS_PER_SECOND)
                .u32(0)
                .u32(UNITY)
                .u16(0x0100)
                .zeros(10);
        matrix();
        out.zeros(24).u32(formats.size() + 1);
        out.close(mvhd);
        for (int i = 0; i < formats.size(); i++) {
            track(i + 1, formats.get(i));
        }
        int mvex = out.open(BoxWriter.type("mvex"));
        for (int i = 0; i < formats.size(); i++) {
            int trex = out.open(BoxWriter.type("trex"), 0, 0);
            out.u32(i + 1).u32(1).u32(0).u32(0).u32(0);
            out.close(trex);
        }
        out.close(mvex);
        out.close(moov);
        return out.copy();
    }

    private void track(int id, TrackFormat format) {
        int trak = out.open(BoxWriter.type("trak"));
        VideoSize size = size(format);
        int tkhd = out.open(BoxWriter.type("tkhd"), 0, 3);
        out.u32(0).u32(0).u32(id).u32(0).u32(0).zeros(8).u16(0).u16(0);
        out.u16(format.video() ? 0 : 0x0100).u16(0);
        matrix();
        out.u32(size.width() << 16).u32(size.height() << 16);
        out.close(tkhd);
        int mdia = out.open(BoxWriter.type("mdia"));
        int mdhd = out.open(BoxWriter.type("mdhd"), 0, 0);
        out.u32(0)
                .u32(0)
                .u32(FragmentWriter.TICKS_PER_SECOND)
                .u32(0)
                .u16(0x55C4)
                .u16(0);
        out.close(mdhd);
        int hdlr = out.open(BoxWriter.type("hdlr"), 0, 0);
        out.u32(0).text(format.video() ? "vide" : "soun").zeros(12).u8(0);
        out.close(hdlr);
        media(format);
        out.close(mdia);
        out.close(trak);
    }

    private void media(TrackFormat format) {
        int minf = out.open(BoxWriter.type("minf"));
        int header = out.open(BoxWriter.type(format.video() ? "vmhd" : "smhd"), 0, format.video() ? 1 : 0);
        out.zeros(format.video() ? 8 : 4);
        out.close(header);
        int dinf = out.open(BoxWriter.type("dinf"));
        int dref = out.open(BoxWriter.type("dref"), 0, 0);
        out.u32(1);
        out.close(out.open(BoxWriter.type("url "), 0, 1));
        out.close(dref);
        out.close(dinf);
        int stbl = out.open(BoxWriter.type("stbl"));
        int stsd = out.open(BoxWriter.type("stsd"), 0, 0);
        out.u32(1);
        new SampleEntries(out).write(format);
        out.close(stsd);
        for (String empty : List.of("stts", "stsc", "stco")) {
            int box = out.open(BoxWriter.type(empty), 0, 0);
            out.u32(0);
            out.close(box);
        }
        int stsz = out.open(BoxWriter.type("stsz"), 0, 0);
        out.u32(0).u32(0);
        out.close(stsz);
        out.close(stbl);
        out.close(minf);
    }

    private void matrix() {
        out.u32(UNITY).zeros(12).u32(UNITY).zeros(12).u32(0x4000_0000);
    }

    private static VideoSize size(TrackFormat format) {
        return switch (format) {
            case TrackFormat.H264 h264 -> h264.size().orElseThrow();
            case TrackFormat.H265 h265 -> h265.size().orElseThrow();
            case TrackFormat.Aac _, TrackFormat.Opus _, TrackFormat.G711 _ -> new VideoSize(0, 0);
        };
    }
}
