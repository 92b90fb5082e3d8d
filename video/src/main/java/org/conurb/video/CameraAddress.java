package org.conurb.video;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a camera's streams come from. Name and password, which many write into the address, are taken out of it; words
 * that look secret in its query are kept for the camera and never shown. Its text is masked.
 *
 * @param main empty where the stream is published to us (WHIP)
 * @param sub a smaller stream of the same picture
 * @param certificate the only one that the camera may show over rtsps; not secret
 */
record CameraAddress(
        Optional<URI> main, Optional<URI> sub, Optional<CameraLogin> login, Optional<CertificatePin> certificate) {
    /** Published to us, or not known any more. */
    static final CameraAddress NONE =
            new CameraAddress(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static final String WHIP = "whip";

    private static final int LONGEST = 2_000;
    private static final int LONGEST_LOGIN = 200;
    private static final Set<String> SCHEMES = Set.of("rtsp", "rtsps");
    private static final Pattern FORM =
            Pattern.compile("(?<scheme>[A-Za-z]+)://((?<user>[^/?#]*|[^/?]*)@)?(?<rest>[^@/?#]+([/?].*)?)");
    private static final Pattern SECRET = Pattern.compile(
            "(?<=[?&;/_])(?<name>user(name)?|usr|pass(word|wd)?|pwd|psw|auth|token|key|secret)=[^&;/]*",
            Pattern.CASE_INSENSITIVE);

    /**
     * @param login given apart; wins over one in the address
     * @throws BadRequest naming what cannot be read, never what it says
     */
    static CameraAddress parse(String main, @Nullable String sub, Optional<CameraLogin> login) {
        if (main.strip().equals(WHIP)) {
            if (sub != null || login.isPresent()) {
                throw refused("source", "A camera that publishes by WHIP has no address and no login.");
            }
            return NONE;
        }
        Parts first = parts("source", main);
        Optional<Parts> second = Optional.ofNullable(sub).map(text -> parts("sub", text));
        if (second.isPresent() && !second.get().uri.getHost().equalsIgnoreCase(first.uri.getHost())) {
            throw refused("sub", "Both streams come from one camera: their hosts are the same.");
        }
        Optional<CameraLogin> found = login.or(() -> first.login).or(() -> second.flatMap(Parts::login));
        return new CameraAddress(
                Optional.of(first.uri), second.map(Parts::uri), found.map(CameraAddress::checked), Optional.empty());
    }

    /** What is written in front of the last {@code @} is name and password, however badly it is encoded. */
    private record Parts(URI uri, Optional<CameraLogin> login) {}

    private static Parts parts(String member, String text) {
        Matcher form = FORM.matcher(text.strip());
        if (text.length() > LONGEST || !form.matches()) {
            throw refused(member, "It is rtsp:// or rtsps:// and a host, or whip.");
        }
        String scheme = form.group("scheme").toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw refused(member, "Its scheme is none of rtsp, rtsps.");
        }
        try {
            URI uri = new URI(scheme + "://" + form.group("rest"));
            if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535 || uri.getFragment() != null) {
                throw refused(member, "Its host or port cannot be read.");
            }
            return new Parts(uri, Optional.ofNullable(form.group("user")).map(CameraAddress::login));
        } catch (URISyntaxException e) {
            throw refused(member, "It is no well-formed address: encode special characters as RFC 3986 says.");
        }
    }

    private static CameraLogin login(String user) {
        int colon = user.indexOf(':');
        return colon < 0
                ? new CameraLogin(decoded(user), "")
                : new CameraLogin(decoded(user.substring(0, colon)), decoded(user.substring(colon + 1)));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static CameraLogin checked(CameraLogin login) {
        String both = login.name() + login.password();
        if (login.name().length() > LONGEST_LOGIN
                || login.password().length() > LONGEST_LOGIN
                || both.chars().anyMatch(Character::isISOControl)) {
            throw refused("login", "Name and password have at most %d printable characters.".formatted(LONGEST_LOGIN));
        }
        return login;
    }

    private static BadRequest refused(String member, String why) {
        return new BadRequest(
                "camera-" + member,
                "The camera's %s is not taken. %s".formatted(member, why),
                "Send source as rtsp://[name:password@]host[:port]/path, rtsps://…, or whip.");
    }

    /** The same streams with another login. */
    CameraAddress with(CameraLogin other) {
        return new CameraAddress(main, sub, Optional.of(checked(other)), certificate);
    }

    /**
     * The same streams, and who may send them.
     *
     * @param shown SHA-256 of the camera's certificate; empty to trust whom the system trusts, null to leave it
     * @throws BadRequest where it is none, or no stream comes by rtsps
     */
    CameraAddress certified(@Nullable String shown) {
        if (shown == null) {
            return this;
        }
        Optional<CertificatePin> pin = shown.isBlank() ? Optional.empty() : Optional.of(CertificatePin.parse(shown));
        if (pin.isPresent() && Stream.of(main, sub).flatMap(Optional::stream).noneMatch(CameraAddress::secured)) {
            throw refused("certificate", "Only a camera that is reached by rtsps:// shows one.");
        }
        return new CameraAddress(main, sub, login, pin);
    }

    private static boolean secured(URI uri) {
        return "rtsps".equals(uri.getScheme());
    }

    /** What was known of the camera behind the same door and is not told anew. */
    CameraAddress knownFrom(CameraAddress before) {
        boolean same = main.isPresent() && sameDoor(before);
        return same ? new CameraAddress(main, sub, login.or(before::login), certificate.or(before::certificate)) : this;
    }

    /** A login is never sent to another door than it was given for. */
    private boolean sameDoor(CameraAddress other) {
        return main.map(CameraAddress::door).equals(other.main.map(CameraAddress::door));
    }

    private static String door(URI uri) {
        return uri.getScheme() + " " + uri.getHost().toLowerCase(Locale.ROOT) + " " + uri.getPort();
    }

    String shownMain() {
        return main.map(CameraAddress::shown).orElse(WHIP);
    }

    Optional<String> shownSub() {
        return sub.map(CameraAddress::shown);
    }

    private static String shown(URI uri) {
        return SECRET.matcher(uri.toString()).replaceAll("${name}=***");
    }

    @Override
    public String toString() {
        return "CameraAddress[" + shownMain() + "]";
    }
}
