package org.conurb.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The key frame is the first of ffmpeg's test picture, 320 by 180, H.264. */
class PicturesTest {
    @Test
    void aKeyFrameBecomesAJpegOfTheWidthWanted() throws IOException {
        DataInputStream answers = served(request(0), request(160));

        BufferedImage whole = picture(answers, 320, 180);
        BufferedImage half = picture(answers, 320, 180);

        assertThat(whole.getWidth()).isEqualTo(320);
        assertThat(whole.getHeight()).isEqualTo(180);
        assertThat(half.getWidth()).isEqualTo(160);
        assertThat(half.getHeight()).isEqualTo(90);
        // Bars of the test picture: what is bright and what is dark is where it belongs.
        assertThat(new java.awt.Color(whole.getRGB(20, 20)).getGreen())
                .isNotCloseTo(
                        new java.awt.Color(whole.getRGB(300, 170)).getGreen(), org.assertj.core.data.Offset.offset(5));
    }

    @Test
    void whatIsNoPictureIsToldAndTheNextOneIsServed() throws IOException {
        Random random = new Random(5);
        byte[][] requests = new byte[301][];
        for (int i = 0; i < 300; i++) {
            byte[] request = request(0);
            if (i % 3 == 0) {
                random.nextBytes(request);
            } else {
                for (int n = 0; n < 20; n++) {
                    request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            request[1] = 0; // a width of gigabytes is bounded by the picture's own; keep the test quick
            requests[i] = request;
        }
        requests[300] = request(0);
        DataInputStream answers = served(requests);

        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] answer = answers.readNBytes(answers.readInt());
            refused += answer[0];
        }
        assertThat(refused).isGreaterThan(90);
        assertThat(picture(answers, 320, 180)).isNotNull();
    }

    @Test
    void aRequestLargerThanAnyIsRefusedBeforeItIsRead() {
        byte[] head = ByteBuffer.allocate(4).putInt(Pictures.MOST + 1).array();

        assertThatThrownBy(() -> Pictures.serve(new ByteArrayInputStream(head), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
    }

    private static BufferedImage picture(DataInputStream answers, int width, int height) throws IOException {
        byte[] answer = answers.readNBytes(answers.readInt());
        assertThat(answer[0]).as(new String(answer, StandardCharsets.UTF_8)).isZero();
        ByteBuffer in = ByteBuffer.wrap(answer, 1, answer.length - 1);
        assertThat(in.getInt()).isEqualTo(width);
        assertThat(in.getInt()).isEqualTo(height);
        byte[] brightness = new byte[576];
        in.get(brightness);
        assertThat(brightness).contains(brightness[0]).isNotEqualTo(new byte[576]);
        return ImageIO.read(new ByteArrayInputStream(answer, in.position(), in.remaining()));
    }

    private static DataInputStream served(byte[]... requests) throws IOException {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        DataOutputStream frames = new DataOutputStream(in);
        for (byte[] request : requests) {
            frames.writeInt(request.length);
            frames.write(request);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Pictures.serve(new ByteArrayInputStream(in.toByteArray()), out);
        return new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    }

    private static byte[] request(int width) throws IOException {
        try (InputStream in = PicturesTest.class.getResourceAsStream("key-frame.bin")) {
            byte[] request = in.readAllBytes();
            ByteBuffer.wrap(request).putInt(1, width);
            return request;
        }
    }
}
