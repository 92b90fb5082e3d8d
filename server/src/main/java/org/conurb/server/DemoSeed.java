package org.conurb.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.conurb.identity.People;
import org.conurb.kernel.Json;
import org.conurb.kernel.Role;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

/** Puts invented people and units into a demo, once; later starts find them there. */
final class DemoSeed {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private final People people;
    private final UpSettings up;
    private final AdminClient site;
    private final SecureRandom random = new SecureRandom();

    DemoSeed(ApplicationContext context, UpSettings up) {
        this.people = context.getBean(People.class);
        this.up = up;
        this.site = AdminClient.of(up.data());
    }

    void plant() {
        Path city = up.city().orElseThrow();
        Map<String, String> passwords = known();
        List<Account> accounts = new ArrayList<>();
        List<CityFolder.DemoPerson> invented = CityFolder.demoPeople(city);
        for (CityFolder.DemoPerson person : invented) {
            String password = passwords.computeIfAbsent(person.username(), name -> password());
            Map<String, List<String>> roles = new TreeMap<>();
            person.roles()
                    .forEach((organisation, held) -> roles.put(
                            organisation.value(),
                            held.stream().map(Role::code).sorted().toList()));
            accounts.add(new Account(person.username(), password, person.name(), roles));
        }
        keep(accounts); // before the people are there: a password that nobody knows opens nothing
        for (CityFolder.DemoPerson person : invented) {
            people.ensure(
                    person.username(), person.name(), String.valueOf(passwords.get(person.username())), person.roles());
        }
        if (site.get("/api/units?limit=1").path("items").isEmpty()) {
            for (CityFolder.DemoUnit unit : CityFolder.demoUnits(city)) {
                site.post(
                        "/api/units",
                        Map.of(
                                "callSign",
                                unit.callSign(),
                                "kind",
                                unit.kind(),
                                "place",
                                unit.home().toGeoJson()),
                        Map.of(
                                "Conurb-Organisation",
                                unit.organisation().value(),
                                "Idempotency-Key",
                                "demo-unit-" + unit.callSign()));
            }
        }
        takeCameras();
        tell(accounts);
    }

    /** The middle of the city's map is where real cameras stand until somebody puts them right. */
    private void takeCameras() {
        JsonNode area = site.get("/api/city").path("area");
        for (int i = 0; i < up.cameras().size(); i++) {
            double east = (area.path(0).asDouble() + area.path(2).asDouble()) / 2 + i * 0.001;
            double north = (area.path(1).asDouble() + area.path(3).asDouble()) / 2;
            String source = up.cameras().get(i).toString();
            site.post(
                    "/api/video/cameras",
                    Map.of(
                            "name",
                            "Camera " + (i + 1),
                            "source",
                            source,
                            "place",
                            Map.of("type", "Point", "coordinates", new double[] {east, north})),
                    Map.of("Idempotency-Key", "demo-camera-%d-%x".formatted(i, source.hashCode())));
        }
    }

    private Path file() {
        return up.data().resolve("demo-accounts.json");
    }

    private Map<String, String> known() {
        Map<String, String> passwords = new LinkedHashMap<>();
        if (Files.exists(file())) {
            try {
                for (JsonNode account :
                        Json.mapper().readTree(Files.readAllBytes(file())).path("accounts")) {
                    passwords.put(
                            account.path("username").asString(),
                            account.path("password").asString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return passwords;
    }

    private void keep(List<Account> accounts) {
        byte[] json = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(Map.of("accounts", accounts));
        try {
            if (!Files.exists(file())) {
                Files.createFile(
                        file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(file(), json, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As printed and as kept in the file. */
    private record Account(String username, String password, String name, Map<String, List<String>> roles) {}

    private void tell(List<Account> accounts) {
        System.out.println("Invented people of this demo (also in " + file() + "):");
        for (Account account : accounts) {
            System.out.printf("  %-14s %-14s %s%n", account.username(), account.password(), roles(account.roles()));
        }
    }

    private static String roles(Map<String, List<String>> roles) {
        return roles.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + " of " + entry.getKey())
                .collect(Collectors.joining("; "));
    }

    private String password() {
        return random.ints(10, 0, LETTERS.length())
                .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
                .collect(Collectors.joining());
    }
}
