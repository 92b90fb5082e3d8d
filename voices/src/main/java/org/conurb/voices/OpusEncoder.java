package org.conurb.voices;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;

/** One voice of 8,000 samples a second to Opus, 20 ms a packet, with what repairs a lost one (in-band FEC). */
final class OpusEncoder implements AutoCloseable {
    static final int SAMPLES = 160;
    private static final int BITS_A_SECOND = 24_000;

    private final AVCodecContext context;
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVPacket packet = avcodec.av_packet_alloc();
    private long at;

    OpusEncoder() {
        AVCodec codec = avcodec.avcodec_find_encoder_by_name("libopus");
        context = avcodec.avcodec_alloc_context3(codec);
        context.sample_rate(8_000);
        context.sample_fmt(avutil.AV_SAMPLE_FMT_S16);
        context.bit_rate(BITS_A_SECOND);
        context.thread_count(1);
        avutil.av_channel_layout_default(context.ch_layout(), 1);
        avutil.av_opt_set(context.priv_data(), "application", "voip", 0);
        avutil.av_opt_set(context.priv_data(), "frame_duration", "20", 0);
        avutil.av_opt_set(context.priv_data(), "packet_loss", "10", 0);
        avutil.av_opt_set(context.priv_data(), "fec", "1", 0);
        demand(avcodec.avcodec_open2(context, codec, (PointerPointer<?>) null));
        frame.sample_rate(8_000);
        frame.format(avutil.AV_SAMPLE_FMT_S16);
        frame.nb_samples(SAMPLES);
        avutil.av_channel_layout_default(frame.ch_layout(), 1);
        demand(avutil.av_frame_get_buffer(frame, 0));
    }

    /** @return empty where the encoder wants more first */
    byte[] encode(short[] samples) {
        demand(avutil.av_frame_make_writable(frame));
        ByteBuffer into = frame.data(0).capacity(2L * SAMPLES).asByteBuffer().order(ByteOrder.nativeOrder());
        into.asShortBuffer().put(samples, 0, SAMPLES);
        frame.pts(at);
        at += SAMPLES;
        demand(avcodec.avcodec_send_frame(context, frame));
        if (avcodec.avcodec_receive_packet(context, packet) < 0) {
            return new byte[0];
        }
        byte[] opus = new byte[packet.size()];
        packet.data().capacity(packet.size()).get(opus);
        avcodec.av_packet_unref(packet);
        return opus;
    }

    static void demand(int result) {
        if (result < 0) {
            throw new IllegalArgumentException("The codec refuses: " + result);
        }
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(context);
    }
}
