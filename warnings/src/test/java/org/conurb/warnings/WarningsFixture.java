package org.conurb.warnings;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Entities;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.conurb.warnings.Warnings.Taken;

/** This room on a real PostgreSQL, at 08:00 of a day in Alder. */
final class WarningsFixture implements AutoCloseable {
    static final OrganisationId WEATHER = new OrganisationId("weather");
    static final OrganisationId FIRE = new OrganisationId("fire");

    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final FakeAccess access = FakeAccess.to("weather", "fire");
    final FakeAudit audit = new FakeAudit();
    final WarningsSettings settings =
            new WarningsSettings(Duration.ofHours(24), Duration.ofSeconds(2), 4_000_000, 1_000);
    final Transactions transactions = TestStore.with("hub", "warnings");
    final Entities entities = new Entities(transactions, clock);
    final Warnings warnings =
            new Warnings(transactions, entities, access, audit, settings, TestIds.seeded(clock), clock);
    final WarningController controller = new WarningController(warnings, access, transactions);

    static Caller caller() {
        return new Caller(
                "person:1",
                "Ada",
                WEATHER,
                Optional.empty(),
                Set.of(Role.DISPATCHER),
                Optional.empty(),
                Optional.empty());
    }

    Answer post(Cap cap) {
        return controller.post(cap.bytes(), null, caller(), change(Optional.empty(), cap.bytes()));
    }

    Change change(Optional<String> key, byte[] fingerprint) {
        return new Change(
                transactions, caller(), access.owners(caller()), key, java.util.Arrays.copyOf(fingerprint, 32));
    }

    /** Takes in as a source of that organisation would. */
    Taken take(OrganisationId owner, Cap cap) {
        return transactions.as(
                List.of(owner),
                () -> warnings.take(
                        Caller.system("warnings", owner),
                        owner,
                        CapReader.read(cap.bytes()),
                        new WarningStore.Document(WarningController.CAP, cap.bytes()),
                        false));
    }

    WarningView only(String identifier) {
        return all().stream()
                .filter(view -> view.identifier().equals(identifier))
                .reduce((a, b) -> {
                    throw new AssertionError("two of " + identifier);
                })
                .orElseThrow();
    }

    List<WarningView> all() {
        return controller.list(caller(), "all", 500, null).items();
    }

    List<String> active() {
        return controller.list(caller(), "active", 500, null).items().stream()
                .map(WarningView::identifier)
                .toList();
    }

    static City.WarningSource source(String location) {
        return new City.WarningSource(location, WEATHER, Duration.ofMinutes(1));
    }

    static City.WarningSource source(Path folder) {
        return source(folder.toString());
    }

    static City city(City.WarningSource... sources) {
        return new City(
                "alder",
                "Alder",
                ZoneId.of("UTC"),
                List.of(Locale.ENGLISH),
                List.of(new City.Organisation(WEATHER, City.Text.of("en", "Weather"), "other")),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(sources),
                Optional.empty());
    }

    @Override
    public void close() {
        TestStore.giveBack(transactions);
    }
}
