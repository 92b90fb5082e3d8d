package org.conurb.server;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.util.Optional;

/** Tells people how to open a demo on their phones: an address, and the same as a QR code (ISO/IEC 18004) in the terminal. */
final class PhoneSign {
    private static final int MARGIN = 2;
    private static final String BLACK_ON_WHITE = "\u001b[30;107m";
    private static final String PLAIN = "\u001b[0m";

    private PhoneSign() {}

    /** How machines of the same network name this one; empty where it is on none. IPv4 first, as people read it more easily. */
    static Optional<String> host(String listen, MediaAddresses.Network network) {
        if (!isWildcard(listen)) {
            return Optional.of(listen);
        }
        return network.own().stream()
                .filter(own -> !own.isLoopbackAddress() && !own.isLinkLocalAddress())
                .filter(own -> own instanceof Inet4Address || !listen.equals("0.0.0.0"))
                .min((one, other) -> Boolean.compare(other instanceof Inet4Address, one instanceof Inet4Address))
                .map(InetAddress::getHostAddress);
    }

    static boolean isWildcard(String listen) {
        return listen.equals("0.0.0.0") || listen.equals("::");
    }

    /** In the brackets that an IPv6 address needs in a URL, and without the name of a network card. */
    static String inUrl(String host) {
        return host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    }

    /**
     * A picture of characters that cameras read: two rows of the code a line where the terminal's character set has half
     * blocks, else one, twice as large. It sets its own colours, whatever those of the terminal are.
     *
     * @param text at most some 200 characters
     */
    static String code(String text, Charset terminal) {
        ByteMatrix code;
        try {
            code = Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix();
        } catch (WriterException tooLong) {
            throw new IllegalArgumentException("No code for " + text, tooLong);
        }
        boolean halves = terminal.newEncoder().canEncode("\u2580\u2584\u2588");
        StringBuilder picture = new StringBuilder();
        for (int row = -MARGIN; row < code.getHeight() + MARGIN; row += halves ? 2 : 1) {
            picture.append(halves ? BLACK_ON_WHITE : "");
            for (int column = -MARGIN; column < code.getWidth() + MARGIN; column++) {
                boolean upper = dark(code, column, row);
                picture.append(halves ? half(upper, dark(code, column, row + 1)) : whole(upper));
            }
            picture.append(PLAIN).append('\n');
        }
        return picture.toString();
    }

    private static boolean dark(ByteMatrix code, int column, int row) {
        boolean inside = column >= 0 && row >= 0 && column < code.getWidth() && row < code.getHeight();
        return inside && code.get(column, row) == 1;
    }

    private static String half(boolean upper, boolean lower) {
        if (upper) {
            return lower ? "\u2588" : "\u2580";
        }
        return lower ? "\u2584" : " ";
    }

    private static String whole(boolean dark) {
        return (dark ? "\u001b[40m" : "\u001b[107m") + "  ";
    }
}
