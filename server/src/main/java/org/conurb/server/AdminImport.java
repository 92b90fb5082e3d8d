package org.conurb.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code admin import}: tables and features become entities of a running site. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Imports a CSV table, GeoJSON features or a JSON list as entities (docs/import.md)",
        footer = {
            "",
            "Without --mapping it proposes one and shows what it would make, and changes nothing.",
            "What is wrong with rows is written to import-RUN-errors.csv in the current folder.",
            "Ends with 0 when all rows were taken, 3 when some were refused, 1 when nothing could be done."
        })
final class AdminImport implements Callable<Integer> {
    private static final String IMPORTS = "/api/hub/imports";
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int SOME_REFUSED = 3;

    @ParentCommand
    @Nullable
    AdminCommand admin;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The file")
    @Nullable
    Path file;

    @Option(names = "--mapping", paramLabel = "FILE", description = "How rows become entities, as JSON")
    @Nullable
    Path mapping;

    @Option(names = "--preview", description = "Shows what would be made of the first rows, and changes nothing")
    boolean preview;

    @Option(names = "--undo", paramLabel = "RUN", description = "Gives back what that import changed")
    @Nullable
    UUID undo;

    @Option(names = "--list", description = "Lists the last imports")
    boolean list;

    @Option(names = "--organisation", paramLabel = "ID", description = "For which it acts (default: the city's first)")
    @Nullable
    String organisation;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Tenant of the hub (default: the default one)")
    @Nullable
    String tenant;

    @Override
    public Integer call() throws IOException {
        AdminClient site = AdminClient.of(admin == null ? Path.of("data") : admin.data);
        if (list) {
            return list(site);
        }
        if (undo != null) {
            site.post(IMPORTS + "/" + undo + "/undo", Map.of(), headers());
            return told(site, await(site, undo.toString()));
        }
        if (file == null) {
            throw new StartFailure("There is no file to import.", "Name it; ./conurb admin import --help tells more.");
        }
        return importFile(site, file);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Idempotency-Key", UUID.randomUUID().toString());
        if (organisation != null) {
            headers.put("Conurb-Organisation", organisation);
        }
        if (tenant != null) {
            headers.put("NGSILD-Tenant", tenant);
        }
        return headers;
    }

    private int list(AdminClient site) {
        for (JsonNode run : site.get(IMPORTS, headers()).path("items")) {
            JsonNode counts = run.path("counts");
            System.out.printf(
                    "%s  %-8s %s  %d of %d rows, %d refused  %s%n",
                    run.path("id").asString(),
                    run.path("state").asString(),
                    run.path("at").asString(),
                    counts.path("read").asLong(),
                    run.path("rows").asLong(),
                    counts.path("refused").asLong(),
                    run.path("name").asString());
        }
        return 0;
    }

    private int importFile(AdminClient site, Path from) throws IOException {
        if (!Files.isReadable(from) || !Files.isRegularFile(from)) {
            throw new StartFailure("%s cannot be read.".formatted(from), "Check its name and rights.");
        }
        JsonNode wanted = mapping == null ? null : read(mapping);
        String name = URLEncoder.encode(from.getFileName().toString(), StandardCharsets.UTF_8);
        JsonNode taken = site.post(IMPORTS + "?name=" + name, from, headers());
        String id = taken.path("id").asString();
        boolean started = false;
        try {
            Object body = wanted == null ? Map.of() : Map.of("mapping", wanted);
            if (preview || wanted == null) {
                System.out.println(Json.mapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(site.post(IMPORTS + "/" + id + "/preview?rows=5", body, headers())));
                return 0;
            }
            site.post(IMPORTS + "/" + id + "/start", body, headers());
            started = true;
        } finally {
            if (!started) {
                site.delete(IMPORTS + "/" + id, headers());
            }
        }
        return told(site, await(site, id));
    }

    private static JsonNode read(Path mapping) throws IOException {
        try {
            return Json.mapper().readTree(Files.readAllBytes(mapping));
        } catch (JacksonException e) {
            throw new StartFailure(
                    "%s is no JSON: %s".formatted(mapping, e.getOriginalMessage()),
                    "Mend it; docs/import.md has an example.");
        } catch (java.nio.file.NoSuchFileException e) {
            throw new StartFailure("There is no %s.".formatted(mapping), "Name the mapping's file.");
        }
    }

    /** Tells on the error stream how far it is, so that the answer can be piped. */
    private JsonNode await(AdminClient site, String id) {
        long told = -1;
        while (true) {
            JsonNode run = site.get(IMPORTS + "/" + id, headers());
            String state = run.path("state").asString();
            JsonNode counts = run.path("counts");
            boolean undoing = state.equals("undoing");
            long done = undoing
                    ? counts.path("reverted").asLong() + counts.path("kept").asLong()
                    : counts.path("read").asLong();
            if (done != told) {
                told = done;
                if (undoing) {
                    System.err.printf("  %d entities given back%n", done);
                } else {
                    System.err.printf(
                            "  %d of %d rows%n", done, run.path("rows").asLong());
                }
            }
            if (!state.equals("running") && !undoing) {
                return run;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private int told(AdminClient site, JsonNode run) throws IOException {
        JsonNode counts = run.path("counts");
        String id = run.path("id").asString();
        if (run.path("state").asString().equals("undone")) {
            System.out.printf(
                    "Import %s is undone: %d entities given back, %d left as others changed them since.%n",
                    id, counts.path("reverted").asLong(), counts.path("kept").asLong());
        } else {
            System.out.printf(
                    "Import %s is %s: %d created, %d updated, %d unchanged, %d refused.%n",
                    id,
                    run.path("state").asString(),
                    counts.path("created").asLong(),
                    counts.path("updated").asLong(),
                    counts.path("unchanged").asLong(),
                    counts.path("refused").asLong());
        }
        if (run.path("fault").isString()) {
            System.out.println(run.path("fault").asString());
        }
        boolean some = counts.path("refused").asLong() + counts.path("kept").asLong() > 0;
        if (some) {
            Path report = Path.of("import-%s-errors.csv".formatted(id)).toAbsolutePath();
            Files.writeString(report, site.text(IMPORTS + "/" + id + "/errors?format=csv", headers()));
            System.out.printf("What is wrong with each row: %s%n", report);
        }
        return some || run.path("state").asString().equals("stopped") ? SOME_REFUSED : 0;
    }
}
