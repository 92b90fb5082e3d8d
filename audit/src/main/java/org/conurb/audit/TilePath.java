package org.conurb.audit;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.BadRequest;

/**
 * Address of a tile or of a bundle of entries (C2SP tlog-tiles): {@code <L>/<N>[.p/<W>]} or {@code
 * entries/<N>[.p/<W>]}, where 1234067 is written {@code x001/x234/067}.
 *
 * @param level empty for a bundle of entries
 * @param width 1..255 for a partial one, 256 for a full one
 */
record TilePath(OptionalInt level, long index, int width) {
    private static final Pattern FORM =
            Pattern.compile("(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** @throws BadRequest for anything that a writer of this form would not write */
    static TilePath parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed();
        }
        OptionalInt level = matcher.group(1).equals("entries")
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(matcher.group(1)));
        long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
        int width = matcher.group(3) == null ? TileId.WIDTH : Integer.parseInt(matcher.group(3));
        TilePath path = new TilePath(level, index, width);
        if (level.orElse(0) > 63
                || matcher.group(3) != null && width >= TileId.WIDTH
                || !path.text().equals(text)) {
            throw malformed();
        }
        return path;
    }

    String text() {
        StringBuilder number = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            number.insert(0, "x%03d/".formatted(rest % 1000));
        }
        String partial = width == TileId.WIDTH ? "" : ".p/" + width;
        return (level.isPresent() ? String.valueOf(level.getAsInt()) : "entries") + "/" + number + partial;
    }

    private static BadRequest malformed() {
        return new BadRequest(
                "tile-path",
                "That is not the path of a tile.",
                "Use <level>/<index> or entries/<index>, the index in groups of three digits as x001/x234/067, and .p/<width> for a partial one (c2sp.org/tlog-tiles).");
    }
}
