package org.conurb.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/**
 * {@code admin export}: the city's linked entities and their history in open formats, by the doors that everybody has,
 * page by page. The folder is there when it is whole, and not before.
 */
@Command(
        name = "export",
        description = "Writes all linked entities and their history in open formats, while the site runs",
        mixinStandardHelpOptions = true)
final class AdminExport implements Callable<Integer> {
    @ParentCommand
    @Nullable
    AdminCommand admin;

    @Parameters(paramLabel = "FOLDER", description = "A new folder")
    Path into = Path.of("export");

    @Override
    public Integer call() throws IOException {
        AdminClient site = AdminClient.of(admin == null ? Path.of("data") : admin.data);
        JsonNode city = site.get("/api/city");
        try (ExportFolder folder = ExportFolder.at(into)) {
            folder.write("city.json", city.toPrettyString() + "\n");
            for (JsonNode organisation : city.path("organisations")) {
                new Sight(site, organisation.path("id").asString(), folder).take();
            }
            // The last, so that it covers what was read.
            folder.write("audit-checkpoint.txt", site.text("/api/audit/checkpoint"));
            folder.write("audit-key.txt", site.text("/api/audit/key"));
            folder.finish(city.path("name").asString());
            System.out.printf(
                    "Wrote %d entities and their history to %s. SHA256SUMS in it tells what belongs to it.%n",
                    folder.entities().count(), folder.target());
        }
        return 0;
    }

    /** What one organisation sees: of what several see, the first one's answer is kept. */
    private record Sight(AdminClient site, String organisation, ExportFolder folder) {
        private static final String DOOR = "/ngsi-ld/v1";
        private static final String PAGE = "?local=true&limit=100";
        private static final String SPAN = "timeproperty=%s&timerel=after&timeAt=%s";
        /** Histories know moments to the microsecond. */
        private static final Duration NEXT = Duration.ofNanos(1_000);

        void take() throws IOException {
            String next = DOOR + "/entities" + PAGE + "&options=sysAttrs";
            while (!next.isEmpty()) {
                AdminClient.Page page = site.page(next, organisation);
                for (JsonNode entity : page.body()) {
                    folder.entities().add(id(entity), organisation, entity);
                }
                folder.tell();
                next = page.next();
            }
            for (String property : List.of("modifiedAt", "deletedAt")) {
                histories(property);
            }
        }

        private void histories(String property) throws IOException {
            String next = DOOR + "/temporal/entities" + PAGE + "&" + SPAN.formatted(property, Instant.EPOCH);
            while (!next.isEmpty()) {
                AdminClient.Page page = site.page(next, organisation);
                for (JsonNode history : page.body()) {
                    if (page.toldUntil().isEmpty()) {
                        folder.history().add(id(history), organisation, history);
                    } else {
                        piecewise(property, id(history));
                    }
                }
                next = page.next();
            }
        }

        /** A history that may be longer than an answer: each one goes on where the one before ended. */
        private void piecewise(String property, String id) throws IOException {
            Optional<Instant> from = Optional.of(Instant.EPOCH);
            while (from.isPresent()) {
                String span = SPAN.formatted(property, from.get());
                AdminClient.Page piece =
                        site.page(DOOR + "/temporal/entities/" + encoded(id) + "?" + span, organisation);
                folder.history().add(id, organisation, piece.body());
                from = piece.toldUntil().map(told -> told.plus(NEXT));
            }
        }

        private static String id(JsonNode entity) {
            return entity.path("id").asString();
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
