package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneSignTest {
    private static final int DOTS = 4;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "US-ASCII", "IBM437"})
    void whatATerminalShowsIsReadByACamera(String charset) throws Exception {
        String address = "https://192.168.178.25:8443/field";
        String picture = PhoneSign.code(address, Charset.forName(charset));
        assertThat(new String(picture.getBytes(charset), charset)).isEqualTo(picture);
        assertThat(picture.lines().count()).isLessThan(charset.equals("US-ASCII") ? 40 : 20);
        assertThat(new QRCodeReader()
                        .decode(new BinaryBitmap(new HybridBinarizer(new Photograph(rows(picture)))))
                        .getText())
                .isEqualTo(address);
    }

    @Test
    void aSiteOnAllAddressesIsCalledByOneThatOthersCanReach() throws Exception {
        MediaAddresses.Network network = network("127.0.0.1", "fe80::1", "2001:db8::5", "192.168.1.7");
        assertThat(PhoneSign.host("0.0.0.0", network)).contains("192.168.1.7");
        assertThat(PhoneSign.host("::", network)).contains("192.168.1.7");
        assertThat(PhoneSign.host("10.0.0.9", network)).contains("10.0.0.9");
        assertThat(PhoneSign.host("0.0.0.0", network("127.0.0.1", "2001:db8::5")))
                .isEmpty();
        assertThat(PhoneSign.inUrl("2001:db8::5%eth0")).isEqualTo("[2001:db8::5]");
        assertThat(Tls.names("0.0.0.0", network))
                .contains("ip:192.168.1.7", "ip:127.0.0.1", "dns:localhost")
                .noneMatch(name -> name.contains("fe80"));
        assertThat(Tls.names("alder.example", network)).containsExactly("dns:alder.example", "dns:localhost");
    }

    private static MediaAddresses.Network network(String... own) {
        return new MediaAddresses.Network() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return InetAddress.getAllByName(host);
            }

            @Override
            public List<InetAddress> own() {
                List<InetAddress> all = new ArrayList<>();
                for (String one : own) {
                    try {
                        all.add(InetAddress.getByName(one));
                    } catch (UnknownHostException e) {
                        throw new AssertionError(e);
                    }
                }
                return all;
            }
        };
    }

    /** Rows of what is dark, as a terminal draws the characters. */
    private static List<boolean[]> rows(String picture) {
        List<boolean[]> rows = new ArrayList<>();
        picture.lines().forEach(line -> {
            boolean halves = line.startsWith("\u001b[30;107m");
            String cells = halves
                    ? line.replaceAll("\u001b\\[[0-9;]*m", "")
                    : line.replace("\u001b[40m  ", "#")
                            .replace("\u001b[107m  ", " ")
                            .replace("\u001b[0m", "");
            boolean[] upper = new boolean[cells.length()];
            boolean[] lower = new boolean[cells.length()];
            for (int i = 0; i < cells.length(); i++) {
                upper[i] = "#\u2580\u2588".indexOf(cells.charAt(i)) >= 0;
                lower[i] = "\u2584\u2588".indexOf(cells.charAt(i)) >= 0;
            }
            rows.add(upper);
            if (halves) {
                rows.add(lower);
            }
        });
        return rows;
    }

    /** The picture in dots, light around it. */
    private static final class Photograph extends LuminanceSource {
        private static final int AROUND = 8;
        private final List<boolean[]> rows;

        Photograph(List<boolean[]> rows) {
            super((rows.getFirst().length + 2 * AROUND) * DOTS, (rows.size() + 2 * AROUND) * DOTS);
            this.rows = rows;
        }

        @Override
        public byte[] getRow(int y, byte[] row) {
            byte[] dots = new byte[getWidth()];
            for (int x = 0; x < dots.length; x++) {
                int column = x / DOTS - AROUND;
                int line = y / DOTS - AROUND;
                boolean dark = line >= 0
                        && line < rows.size()
                        && column >= 0
                        && column < rows.get(line).length
                        && rows.get(line)[column];
                dots[x] = (byte) (dark ? 0 : 255);
            }
            return dots;
        }

        @Override
        public byte[] getMatrix() {
            byte[] all = new byte[getWidth() * getHeight()];
            for (int y = 0; y < getHeight(); y++) {
                System.arraycopy(getRow(y, new byte[0]), 0, all, y * getWidth(), getWidth());
            }
            return all;
        }
    }
}
