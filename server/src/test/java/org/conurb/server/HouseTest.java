package org.conurb.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The house rule: each room uses the rooms below it, and what must be in one place is in one place. */
class HouseTest {
    /** Rooms, and what each may use. */
    private static final Map<String, List<String>> FLOORS = Map.ofEntries(
            entry("kernel", List.of()),
            entry("outbound", List.of("kernel")),
            entry("media", List.of("kernel")),
            entry("streets", List.of("kernel")),
            entry("verifier", List.of("kernel")),
            entry("store", List.of("kernel")),
            entry("testkit", List.of("kernel", "store")),
            entry("audit", List.of("kernel", "outbound", "store")),
            entry("identity", List.of("kernel", "outbound", "store", "audit")),
            entry("agreements", List.of("kernel", "outbound", "store", "audit", "identity")),
            entry("hub", List.of("kernel", "outbound", "store", "audit", "identity", "agreements")),
            entry(
                    "incidents",
                    List.of("kernel", "streets", "outbound", "store", "audit", "identity", "agreements", "hub")),
            entry("video", List.of("kernel", "media", "outbound", "store", "audit", "identity", "agreements", "hub")),
            entry("warnings", List.of("kernel", "outbound", "store", "audit", "identity", "agreements", "hub")),
            entry("talk", List.of("kernel", "media", "outbound", "store", "audit", "identity", "agreements", "hub")),
            entry(
                    "server",
                    List.of(
                            "kernel",
                            "outbound",
                            "media",
                            "streets",
                            "verifier",
                            "store",
                            "audit",
                            "identity",
                            "agreements",
                            "hub",
                            "incidents",
                            "video",
                            "warnings",
                            "talk")));

    private static final JavaClasses CONURB = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.conurb");

    private static ArchRule usesOnlyTheFloorsBelow(String room, List<String> below) {
        return noClasses()
                .that()
                .resideInAPackage("org.conurb." + room + "..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are beside or above " + room) {
                    @Override
                    public boolean test(JavaClass other) {
                        return other.getPackageName().startsWith("org.conurb.")
                                && !room(other).equals(room)
                                && !below.contains(room(other));
                    }
                });
    }

    @Test
    void everyRoomUsesOnlyTheFloorsBelow() {
        FLOORS.forEach((room, below) -> usesOnlyTheFloorsBelow(room, below).check(CONURB));
    }

    @Test
    void everyRoomHasItsFloor() {
        assertThat(CONURB.stream().map(HouseTest::room).distinct())
                .containsExactlyInAnyOrderElementsOf(FLOORS.keySet());
    }

    private static String room(JavaClass one) {
        return one.getPackageName().substring("org.conurb.".length()).split("\\.", 2)[0];
    }

    @Test
    void theRuleIsSeenToFailOnABreach() {
        JavaClasses breach = new ClassFileImporter()
                .importClasses(
                        org.conurb.incidents.PlantedBreach.class, org.conurb.warnings.WarningsConfiguration.class);

        assertThatThrownBy(() -> usesOnlyTheFloorsBelow("incidents", FLOORS.getOrDefault("incidents", List.of()))
                        .check(breach))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PlantedBreach");
    }

    @Test
    void everyRoomIsOneFlatPackage() {
        assertThat(CONURB.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> name.split("\\.").length == 3, "org.conurb.<room>");
    }

    @Test
    void theKernelKnowsNoSpringAndNoDatabase() {
        noClasses()
                .that()
                .resideInAPackage("org.conurb.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..", "java.net.http..")
                .check(CONURB);
    }

    @Test
    void timeComesIn() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CONURB);
        noClasses()
                .that()
                .resideOutsideOfPackages("org.conurb.server..", "org.conurb.testkit..")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .check(CONURB);
    }

    @Test
    void xmlParsersComeFromOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.conurb.kernel.SafeXml")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "javax\\.xml\\.(parsers\\..*Factory|stream\\.XMLInputFactory|transform\\.TransformerFactory)")
                .check(CONURB);
    }

    @Test
    void jsonMappersComeFromOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.conurb.kernel.Json")
                .should()
                .callConstructor(tools.jackson.databind.json.JsonMapper.class)
                .orShould()
                .callMethod(tools.jackson.databind.json.JsonMapper.class, "builder")
                .check(CONURB);
    }

    @Test
    void theOutsideIsCalledFromOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.conurb.outbound..")
                // Speaks to this very site on loopback, from the command line.
                .and()
                .doNotHaveFullyQualifiedName("org.conurb.server.AdminClient")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\.http\\..*|java\\.net\\.HttpURLConnection|org\\.apache\\.hc\\..*|com\\.hivemq\\.client\\..*")
                .check(CONURB);
    }

    @Test
    void nothingIsCalledImplManagerHelperOrUtil() {
        assertThat(CONURB.stream().map(JavaClass::getSimpleName))
                .noneMatch(name -> name.matches(".*(Impl|Manager|Helper|Utils?)$"));
    }
}
