package org.conurb.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.conurb.kernel.City;
import org.conurb.verifier.VerifierCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code admin}: what the one who runs a site does from the shell. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        description = "Looks after a site",
        subcommands = {
            AdminData.BackupCommand.class,
            AdminData.RestoreCommand.class,
            AdminData.VerifyAudit.class,
            AdminExport.class,
            AdminImport.class
        })
final class AdminCommand {
    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            defaultValue = "data",
            description = "Data folder of the site (default: ./data)")
    Path data = Path.of("data");

    @Command(name = "organisations", description = "Lists the organisations of the city folder")
    int organisations() {
        for (JsonNode organisation : site().get("/api/city").path("organisations")) {
            System.out.printf(
                    "%-20s %s%n",
                    organisation.path("id").asString(),
                    organisation.path("name").iterator().next().asString());
        }
        return 0;
    }

    @Command(name = "people", description = "Lists people; with --add or --remove changes them")
    int people(
            @Option(names = "--add", paramLabel = "USERNAME") @Nullable String add,
            @Option(names = "--name", description = "Full name of the person added") @Nullable String name,
            @Option(names = "--role", paramLabel = "ORGANISATION=ROLE[,ROLE]") @Nullable Map<String, String> roles,
            @Option(names = "--remove", paramLabel = "ID") @Nullable String remove)
            throws IOException {
        AdminClient site = site();
        if (add != null) {
            Map<String, List<String>> held = new TreeMap<>();
            (roles == null ? Map.<String, String>of() : roles)
                    .forEach((organisation, list) -> held.put(organisation, List.of(list.split(","))));
            JsonNode added = site.post(
                    "/api/identity/people",
                    Map.of("username", add, "name", name == null ? add : name, "roles", held),
                    Map.of());
            System.out.printf(
                    "%s can sign in as %s with %s%n",
                    name == null ? add : name, add, added.path("password").asString());
        } else if (remove != null) {
            site.delete("/api/identity/people/" + remove);
        } else {
            for (JsonNode person : site.get("/api/identity/people").path("items")) {
                System.out.printf(
                        "%-38s %-16s %-24s %s%n",
                        person.path("id").asString(),
                        person.path("username").asString(),
                        person.path("name").asString(),
                        person.path("roles"));
            }
        }
        return 0;
    }

    @Command(name = "clients", description = "Lists apps that may call; with --add or --remove changes them")
    int clients(
            @Option(names = "--add", paramLabel = "NAME") @Nullable String add,
            @Option(names = "--organisation") @Nullable String organisation,
            @Option(names = "--role", split = ",") @Nullable List<String> roles,
            @Option(names = "--remove", paramLabel = "ID") @Nullable String remove) {
        AdminClient site = site();
        if (add != null) {
            JsonNode added = site.post(
                    "/api/identity/clients",
                    Map.of(
                            "name", add,
                            "organisation", organisation == null ? "" : organisation,
                            "roles", roles == null ? List.of() : roles),
                    Map.of());
            System.out.printf(
                    "clientId     %s%nclientSecret %s%n",
                    added.path("clientId").asString(),
                    added.path("clientSecret").asString());
        } else if (remove != null) {
            site.delete("/api/identity/clients/" + remove);
        } else {
            for (JsonNode client : site.get("/api/identity/clients").path("items")) {
                System.out.printf(
                        "%-38s %-24s %s%n",
                        client.path("clientId").asString(),
                        client.path("name").asString(),
                        client.path("organisation").asString());
            }
        }
        return 0;
    }

    @Command(name = "map", description = "Makes the city's map from an OSM extract")
    int map(@Parameters(paramLabel = "FILE.osm.pbf") Path file, @Option(names = "--city") @Nullable Path cityFolder)
            throws IOException, InterruptedException {
        City city = cityFolder == null ? CityFolder.builtIn() : CityFolder.read(cityFolder);
        new MapBuild(new CityMap(data), city).make(file, System.out::println);
        System.out.println("The map is in place; consoles show it when they are loaded again.");
        return 0;
    }

    @Command(name = "bootstrap", description = "disable: ends the installation client")
    int bootstrap(@Parameters(paramLabel = "disable") String what) {
        if (!what.equals("disable")) {
            throw new StartFailure("admin bootstrap knows only disable.", "Run ./conurb admin bootstrap disable.");
        }
        AdminClient site = site();
        site.delete("/api/identity/clients/" + site.clientId());
        System.out.println(
                "The installation client is ended. Administrators look after people and clients by /api/identity from now on.");
        return 0;
    }

    @Command(name = "verify", description = "Says whether a bundle of evidence is whole; needs no site")
    int verify(
            @Parameters(paramLabel = "BUNDLE", description = "The ZIP, or the folder it was unpacked into") Path bundle,
            @Option(names = "--key", description = "The city's audit.pub (default: the one in the bundle)") @Nullable
                    Path key) {
        List<String> arguments =
                key == null ? List.of(bundle.toString()) : List.of(bundle.toString(), "--key", key.toString());
        return VerifierCommand.run(arguments, System.out, System.err);
    }

    private AdminClient site() {
        return AdminClient.of(data);
    }
}
