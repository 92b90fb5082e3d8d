package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.jspecify.annotations.Nullable;

/**
 * Many cameras from a table: UTF-8, the first line names the columns, lines parted by comma or semicolon, quoted as RFC
 * 4180 says. Each row stands on its own: those that are right are added, the others are named with what to do about them.
 */
final class CameraImport {
    static final int MOST_ROWS = 2_000;

    private static final Set<String> COLUMNS = Set.of(
            "id",
            "name",
            "source",
            "sub",
            "user",
            "password",
            "certificate",
            "longitude",
            "latitude",
            "organisation",
            "transport",
            "record",
            "heading",
            "least_days",
            "most_days",
            "priority");
    private static final List<String> NEEDED = List.of("name", "source", "longitude", "latitude");

    private final Cameras cameras;

    CameraImport(Cameras cameras) {
        this.cameras = cameras;
    }

    /** A row as read: a camera to be added, or why it cannot be. */
    record Row(
            int line,
            String name,
            Optional<NewCamera> camera,
            Optional<CameraAddress> address,
            Optional<Outcome> fault) {}

    /** @param line where the row begins in the file, from 1; the header is line 1 */
    record Outcome(
            int line,
            String name,
            String outcome,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String id,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String detail,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String remedy) {
        static Outcome added(int line, Camera camera) {
            return new Outcome(line, camera.name(), "added", camera.urn(), null, null);
        }

        static Outcome refused(int line, String name, ConurbException why) {
            return new Outcome(line, name, "refused", null, why.detail(), why.remedy());
        }
    }

    record Report(int added, int refused, List<Outcome> rows) {}

    /**
     * Reads the table and checks every address, which may take a while; nothing is written.
     *
     * @throws BadRequest where it is no such table at all
     */
    List<Row> read(byte[] csv) {
        return read(csv, cameras::reach);
    }

    /** @param reach refuses an address that may not be called */
    static List<Row> read(byte[] csv, Consumer<CameraAddress> reach) {
        List<Csv.Line> lines = Csv.read(text(csv), MOST_ROWS + 1);
        if (lines.isEmpty()) {
            throw refused("It is empty.");
        }
        List<String> header = lines.getFirst().fields().stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (String name : header) {
            if (!COLUMNS.contains(name)) {
                throw refused("There is no column %s.".formatted(name.substring(0, Math.min(40, name.length()))));
            }
        }
        if (!header.containsAll(NEEDED) || Set.copyOf(header).size() != header.size()) {
            throw refused("Its first line does not name each needed column once.");
        }
        Map<String, Optional<ConurbException>> hosts = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (Csv.Line line : lines.subList(1, lines.size())) {
            rows.add(row(header, line, hosts, reach));
        }
        return rows;
    }

    private static Row row(
            List<String> header,
            Csv.Line line,
            Map<String, Optional<ConurbException>> hosts,
            Consumer<CameraAddress> reach) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < Math.min(header.size(), line.fields().size()); i++) {
            String field = line.fields().get(i).strip();
            if (!field.isEmpty()) {
                fields.put(header.get(i), field);
            }
        }
        String name = fields.getOrDefault("name", "");
        try {
            if (line.fields().size() != header.size()) {
                throw new BadRequest(
                        "csv-row",
                        "The row has %d fields, not %d.".formatted(line.fields().size(), header.size()),
                        "Quote fields that hold the separator.");
            }
            NewCamera camera = camera(fields);
            CameraAddress address = checked(camera, hosts, reach);
            return new Row(line.number(), name, Optional.of(camera), Optional.of(address), Optional.empty());
        } catch (ConurbException why) {
            return new Row(
                    line.number(),
                    name,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Outcome.refused(line.number(), name, why)));
        }
    }

    /** A host that was looked up once is not looked up again. */
    private static CameraAddress checked(
            NewCamera camera, Map<String, Optional<ConurbException>> hosts, Consumer<CameraAddress> reach) {
        CameraAddress address = CameraAddress.parse(
                        camera.source() == null ? "" : camera.source(), camera.sub(), camera.login())
                .certified(camera.certificate());
        String door =
                address.main().map(uri -> uri.getHost() + " " + uri.getPort()).orElse("")
                        + address.sub().map(uri -> " " + uri.getPort()).orElse("");
        Optional<ConurbException> fault = hosts.computeIfAbsent(door, key -> {
            try {
                reach.accept(address);
                return Optional.empty();
            } catch (ConurbException outside) {
                return Optional.of(outside);
            }
        });
        if (fault.isPresent()) {
            throw fault.get();
        }
        return address;
    }

    private static NewCamera camera(Map<String, String> fields) {
        return new NewCamera(
                fields.get("id"),
                fields.get("name"),
                fields.get("source"),
                fields.get("sub"),
                fields.get("user"),
                fields.get("password"),
                fields.get("certificate"),
                Map.of(
                        "type",
                        "Point",
                        "coordinates",
                        List.of(number(fields, "longitude"), number(fields, "latitude"))),
                fields.get("organisation"),
                fields.get("transport"),
                flag(fields.get("record")),
                fields.containsKey("heading") ? number(fields, "heading") : null,
                new Keeping.View(days(fields, "least_days"), days(fields, "most_days"), fields.get("priority")));
    }

    private static @Nullable Integer days(Map<String, String> fields, String column) {
        String text = fields.get(column);
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("csv-number", "%s is no number of days.".formatted(column), "Write days, as 30.");
        }
    }

    private static double number(Map<String, String> fields, String column) {
        try {
            return Double.parseDouble(fields.getOrDefault(column, "").replace(',', '.'));
        } catch (NumberFormatException e) {
            throw new BadRequest("csv-number", "%s is not a number.".formatted(column), "Write degrees, as 7.4246.");
        }
    }

    private static @Nullable Boolean flag(@Nullable String text) {
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "" -> null;
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default -> throw new BadRequest("csv-flag", "record is neither yes nor no.", "Write yes or no.");
        };
    }

    /** Adds those that are right; the caller's transaction holds them all. */
    Report add(Caller caller, List<Row> rows) {
        List<Outcome> outcomes = new ArrayList<>();
        int added = 0;
        for (Row row : rows) {
            Outcome outcome = row.fault().orElseGet(() -> add(caller, row));
            added += outcome.outcome().equals("added") ? 1 : 0;
            outcomes.add(outcome);
        }
        return new Report(added, outcomes.size() - added, outcomes);
    }

    private Outcome add(Caller caller, Row row) {
        try {
            return Outcome.added(
                    row.line(),
                    cameras.add(
                            caller, row.camera().orElseThrow(), row.address().orElseThrow()));
        } catch (ConurbException why) {
            return Outcome.refused(row.line(), row.name(), why);
        }
    }

    private static String text(byte[] csv) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(csv)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw refused("It is not UTF-8.");
        }
    }

    static BadRequest refused(String why) {
        return new BadRequest(
                "csv",
                "This table of cameras is not taken. " + why,
                "Columns: name, source, longitude, latitude; also id, sub, user, password, certificate, organisation, "
                        + "transport, record, heading, least_days, most_days, priority. At most %d rows."
                                .formatted(MOST_ROWS));
    }
}
