package org.conurb.voices;

import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** One voice of Opus to 8,000 samples a second. */
final class OpusDecoder implements AutoCloseable {
    /** Of a packet of 120 ms, the longest there is (RFC 6716 3.2.5), and some that the resampler held back. */
    private static final int MOST = 960 + 160;

    private final AVCodecContext context;
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVChannelLayout mono = new AVChannelLayout();
    private final BytePointer out = new BytePointer(2L * MOST);
    private final SwrContext resampler;
    private final short[] samples = new short[MOST];
    /** What the resampler still owes, so that what comes out is always as long as what goes in. */
    private final short[] held = new short[2 * MOST];

    private int holding;

    OpusDecoder() {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name("libopus");
        context = avcodec.avcodec_alloc_context3(codec);
        context.sample_rate(48_000);
        context.request_sample_fmt(avutil.AV_SAMPLE_FMT_S16);
        context.thread_count(1);
        avutil.av_channel_layout_default(context.ch_layout(), 1);
        avutil.av_channel_layout_default(mono, 1);
        OpusEncoder.demand(avcodec.avcodec_open2(context, codec, (PointerPointer<?>) null));
        PointerPointer<SwrContext> made = new PointerPointer<>(1);
        made.put(0, (org.bytedeco.javacpp.Pointer) null);
        int s16 = avutil.AV_SAMPLE_FMT_S16;
        OpusEncoder.demand(swresample.swr_alloc_set_opts2(made, mono, s16, 8_000, mono, s16, 48_000, 0, null));
        resampler = made.get(SwrContext.class, 0);
        OpusEncoder.demand(swresample.swr_init(resampler));
        holding = 32;
    }

    /** @return a sixth as many samples as the packet has; empty where it is none */
    short[] decode(byte[] opus) {
        OpusEncoder.demand(avcodec.av_new_packet(packet, opus.length));
        packet.data().capacity(opus.length).put(opus, 0, opus.length);
        int sent = avcodec.avcodec_send_packet(context, packet);
        avcodec.av_packet_unref(packet);
        if (sent < 0 || avcodec.avcodec_receive_frame(context, frame) < 0) {
            return new short[0];
        }
        int in = Math.min(frame.nb_samples(), 6 * 960);
        int wanted = in / 6;
        int made = swresample.swr_convert(resampler, out, MOST, frame.data(0), in);
        avutil.av_frame_unref(frame);
        OpusEncoder.demand(made);
        out.asByteBuffer().order(ByteOrder.nativeOrder()).asShortBuffer().get(samples, 0, made);
        int kept = Math.min(made, held.length - holding);
        System.arraycopy(samples, 0, held, holding, kept);
        holding += kept;
        short[] result = new short[wanted];
        int given = Math.min(wanted, holding);
        System.arraycopy(held, 0, result, 0, given);
        System.arraycopy(held, given, held, 0, holding - given);
        holding -= given;
        return result;
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(context);
        swresample.swr_free(resampler);
        out.close();
        mono.close();
    }
}
