package org.conurb.pictures;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;

/** Decodes one key frame at a time with libavcodec (the LGPL build) and writes it as JPEG. One thread. */
final class FrameDecoder {
    private static final int BRIGHT_WIDTH = 32;
    private static final int BRIGHT_HEIGHT = 18;
    private static final long MOST_PIXELS = 8192L * 4320;
    private static final int LARGEST_SIDE = 1920;
    /** JPEG quality in libavcodec's scale, 2 (best) to 31. */
    private static final int QUALITY = 5;

    FrameDecoder() {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    /** @throws IllegalArgumentException where it is no picture */
    Pictures.Still decode(Pictures.Request request) {
        try (PointerScope scope = new PointerScope()) {
            AVFrame frame = avutil.av_frame_alloc();
            try {
                decode(request, frame);
                return still(request, frame);
            } finally {
                avutil.av_frame_free(frame);
            }
        }
    }

    private static void decode(Pictures.Request request, AVFrame frame) {
        AVCodec codec =
                avcodec.avcodec_find_decoder(request.h265() ? avcodec.AV_CODEC_ID_HEVC : avcodec.AV_CODEC_ID_H264);
        AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
        AVPacket packet = avcodec.av_packet_alloc();
        try {
            context.thread_count(1);
            context.max_pixels(MOST_PIXELS);
            if (request.parameters().length > 0) {
                int padded = request.parameters().length + avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
                BytePointer parameters = new BytePointer(avutil.av_mallocz(padded)).capacity(padded);
                parameters.put(request.parameters(), 0, request.parameters().length);
                context.extradata(parameters);
                context.extradata_size(request.parameters().length);
            }
            demand(avcodec.avcodec_open2(context, codec, (PointerPointer<?>) null), "The parameter sets are not taken");
            demand(avcodec.av_new_packet(packet, request.sample().length), "No memory");
            packet.data().capacity(request.sample().length).put(request.sample(), 0, request.sample().length);
            packet.flags(packet.flags() | avcodec.AV_PKT_FLAG_KEY);
            demand(avcodec.avcodec_send_packet(context, packet), "The frame is not taken");
            avcodec.avcodec_send_packet(context, null);
            demand(avcodec.avcodec_receive_frame(context, frame), "There is no picture in it");
        } finally {
            avcodec.av_packet_free(packet);
            avcodec.avcodec_free_context(context);
        }
    }

    private static Pictures.Still still(Pictures.Request request, AVFrame frame) {
        int width = frame.width();
        int height = frame.height();
        int wanted = request.width() == 0 ? width : Math.min(width, request.width());
        double scale =
                Math.min(1.0, Math.min(wanted / (double) width, LARGEST_SIDE / (double) Math.max(width, height)));
        AVFrame small = scaled(frame, even(width * scale), even(height * scale), avutil.AV_PIX_FMT_YUVJ420P);
        AVFrame bright = scaled(frame, BRIGHT_WIDTH, BRIGHT_HEIGHT, avutil.AV_PIX_FMT_GRAY8);
        try {
            byte[] brightness = new byte[BRIGHT_WIDTH * BRIGHT_HEIGHT];
            for (int row = 0; row < BRIGHT_HEIGHT; row++) {
                new BytePointer(bright.data(0))
                        .position((long) row * bright.linesize(0))
                        .get(brightness, row * BRIGHT_WIDTH, BRIGHT_WIDTH);
            }
            return new Pictures.Still(width, height, brightness, jpeg(small));
        } finally {
            avutil.av_frame_free(small);
            avutil.av_frame_free(bright);
        }
    }

    private static AVFrame scaled(AVFrame frame, int width, int height, int format) {
        AVFrame target = avutil.av_frame_alloc();
        target.width(width);
        target.height(height);
        target.format(format);
        SwsContext sws = null;
        try {
            demand(avutil.av_frame_get_buffer(target, 0), "No memory");
            sws = swscale.sws_getContext(
                    frame.width(),
                    frame.height(),
                    frame.format(),
                    width,
                    height,
                    format,
                    swscale.SWS_AREA,
                    null,
                    null,
                    (DoublePointer) null);
            if (sws == null) {
                throw new IllegalArgumentException("The picture's form is not known");
            }
            swscale.sws_scale(sws, frame.data(), frame.linesize(), 0, frame.height(), target.data(), target.linesize());
            return target;
        } catch (IllegalArgumentException failed) {
            avutil.av_frame_free(target);
            throw failed;
        } finally {
            swscale.sws_freeContext(sws);
        }
    }

    private static byte[] jpeg(AVFrame frame) {
        AVCodec codec = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_MJPEG);
        AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
        AVPacket packet = avcodec.av_packet_alloc();
        try {
            context.width(frame.width());
            context.height(frame.height());
            context.pix_fmt(avutil.AV_PIX_FMT_YUVJ420P);
            context.time_base(avutil.av_make_q(1, 25));
            context.color_range(avutil.AVCOL_RANGE_JPEG);
            context.thread_count(1);
            context.flags(context.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
            context.global_quality(avutil.FF_QP2LAMBDA * QUALITY);
            frame.quality(avutil.FF_QP2LAMBDA * QUALITY);
            frame.pts(0);
            demand(avcodec.avcodec_open2(context, codec, (PointerPointer<?>) null), "No JPEG can be written");
            demand(avcodec.avcodec_send_frame(context, frame), "No JPEG can be written");
            demand(avcodec.avcodec_receive_packet(context, packet), "No JPEG can be written");
            byte[] bytes = new byte[packet.size()];
            packet.data().capacity(packet.size()).get(bytes);
            return bytes;
        } finally {
            avcodec.av_packet_free(packet);
            avcodec.avcodec_free_context(context);
        }
    }

    private static int even(double length) {
        return Math.max(2, (int) Math.round(length / 2) * 2);
    }

    private static void demand(int result, String failure) {
        if (result < 0) {
            throw new IllegalArgumentException(failure + " (" + result + ")");
        }
    }
}
