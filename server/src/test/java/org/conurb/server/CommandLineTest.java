package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CommandLineTest {
    private record Ran(int exit, String output) {}

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    @Test
    void aSecondStartOnTheSameDataFolderSaysSoAndEndsWithOneOnWhateverPort() throws Exception {
        String data = TestSite.shared().data.toString();
        for (int port : new int[] {TestSite.shared().address().getPort(), 0}) {
            Ran second = run(TestSite.commandLine(List.of("up", "--data", data, "--port", String.valueOf(port))));

            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.output())
                    .contains("Another Conurb")
                    .contains(data)
                    .contains("--data")
                    .doesNotContain("is taken")
                    .doesNotContain("\tat ");
        }
        TestSite.shared().asNobody().get("/actuator/health/readiness").expect(200);
    }

    @Test
    void aTermSignalStopsEveryChild() throws Exception {
        try (TestSite site = TestSite.living()) {
            List<String> wanted = List.of("org.conurb.demo.Demo", "org.conurb.pictures.Pictures", "postgres");
            TestSite.await(
                    "cameras, crews, still pictures and the database are at work",
                    () -> wanted.stream()
                            .allMatch(name -> children(site)
                                    .anyMatch(child -> words(child).contains(name))));
            ProcessHandle postgres = ProcessHandle.of(site.postgresPid()).orElseThrow();
            List<ProcessHandle> all = Stream.concat(Stream.of(postgres), children(site))
                    .distinct()
                    .toList();

            JsonNode ports = site.ports();
            assertThat(ports.propertyNames())
                    .contains("address", "http", "iceTcp", "mediaUdp", "demoCameras", "demoControl", "postgres");
            int first = ports.path("http").asInt();
            assertThat(ports.path("iceTcp").asInt()).isEqualTo(first + 1);
            assertThat(ports.path("mediaUdp").get(0).asInt()).isEqualTo(first + 16);

            site.stop();

            for (ProcessHandle child : all) {
                TestSite.await("the end of " + words(child), () -> !child.isAlive());
            }
        }
    }

    private static Stream<ProcessHandle> children(TestSite site) {
        return ProcessHandle.of(site.pid()).orElseThrow().descendants();
    }

    private static String words(ProcessHandle process) {
        return process.info().commandLine().orElse(process.info().command().orElse(""));
    }

    @Test
    void theInstallationClientIsEndedOnlyWhereAnAdministratorCanSignIn() throws Exception {
        Path data = TestSite.temporaryFolder("conurb bootstrap ");
        try (TestSite site = TestSite.up(data)) {
            List<String> disable =
                    TestSite.commandLine(List.of("admin", "bootstrap", "disable", "--data", data.toString()));
            Ran refused = run(disable);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.output()).contains("administrator").contains("./conurb admin people --add");
            site.asInstaller().get("/api/city").expect(200);

            TestSite.admin(data, "people", "--add", "ada", "--name", "Ada L.", "--role", "city=administrator");
            Ran ended = run(disable);
            assertThat(ended.exit()).as(ended.output()).isZero();
            site.asNobody().get("/api/city").expect(401);
            assertThat(data.resolve("bootstrap.json")).doesNotExist();
        }
    }

    @Test
    void aBundleThatIsNoneIsToldWithoutASite() throws Exception {
        Path none =
                Files.writeString(Files.createTempDirectory("conurb bundle ").resolve("none.zip"), "nothing");

        Ran ran = run(TestSite.commandLine(List.of("admin", "verify", none.toString())));

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.output())
                .contains("none.zip")
                .contains("cannot be checked")
                .doesNotContain("\tat ");
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        int taken = TestSite.shared().address().getPort();
        Ran ran = run(TestSite.commandLine(List.of(
                "up", "--data", TestSite.temporaryFolder("conurb port ").toString(), "--port", String.valueOf(taken))));

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.output()).contains("Port " + taken + " is taken").contains("--port");
    }

    @Test
    void aCityFolderWithFaultsNamesEachLine() throws Exception {
        Path city = Files.createTempDirectory("conurb city ");
        Files.writeString(
                city.resolve("city.yaml"), "id: Alder City\nname: 7\ntime-zone: Mars/Olympus\nlanguages: [xx-]\n");
        Ran ran = run(TestSite.commandLine(List.of(
                "up",
                "--data",
                TestSite.temporaryFolder("conurb faults ").toString(),
                "--port",
                "0",
                "--city",
                city.toString())));

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.output())
                .contains("city.yaml:1:")
                .contains("city.yaml:3:")
                .contains("city.yaml:4:");
    }

    @Test
    void anotherAddressNeedsTlsOrAProxy() throws Exception {
        Ran ran = run(TestSite.commandLine(List.of(
                "up",
                "--data",
                TestSite.temporaryFolder("conurb tls ").toString(),
                "--port",
                "0",
                "--listen",
                "127.0.0.2")));

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.output()).contains("--tls-cert");
    }

    @Test
    void aDemoOnAnotherAddressMakesItsCertificateAndTheCommandLineReachesIt() throws Exception {
        Path data = TestSite.temporaryFolder("conurb listens ");
        try (TestSite site = TestSite.demo(data, "--listen", "127.0.0.2")) {
            assertThat(site.output())
                    .contains("Certificate fingerprint (SHA-256): ")
                    .contains("Conurb is ready at https://127.0.0.2:")
                    .containsPattern("On a phone .*https://127\\.0\\.0\\.2:\\d+/field")
                    .as("a code is for terminals")
                    .doesNotContain("\u001b");

            Ran ran = run(TestSite.commandLine(List.of("admin", "organisations", "--data", data.toString())));

            assertThat(ran.exit()).as(ran.output()).isZero();
            assertThat(ran.output()).contains("town-hall");
        }
    }

    @Test
    void aDemoTakesRealCamerasInAndNothingElseForOne() throws Exception {
        Path data = TestSite.temporaryFolder("conurb cameras ");
        Ran ran = run(TestSite.commandLine(List.of(
                "demo", "--data", data.toString(), "--port", "0", "--still", "--camera", "http://127.0.0.1/x")));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.output()).contains("rtsp://");

        String camera = "rtsp://viewer:guessed-by-nobody@127.0.0.1:9/stream";
        try (TestSite site = TestSite.demo(data, "--camera", camera)) {
            String cameras =
                    site.asInstaller().get("/api/video/cameras").expect(200).text();
            assertThat(cameras).contains("127.0.0.1:9/stream").doesNotContain("guessed-by-nobody");
            assertThat(site.asInstaller().get("/api/video/health").expect(200).text())
                    .contains("Camera 1");
        }
    }

    @Test
    void aMapOfAnotherPlaceIsToldAndWhereTheCityStands() {
        String elsewhere = TestSite.sharedData("osm/andorra.osm.pbf").toString();
        assumeTrue(BrowserRoom.basemapIsBuilt(), "skipped: basemap is not built here");
        try (TestSite site = TestSite.demo(TestSite.temporaryFolder("conurb elsewhere "), "--map", elsewhere)) {
            TestSite.await(
                    "the word that this map is of another place",
                    () -> site.output().contains("No map was made")
                            && site.output().contains("lies outside the extract")
                            && site.output().contains("that holds the city's area"));
        }
    }

    @Test
    void birchBootsFromTheSameProgramWithItsOwnCodesAndLanguages() {
        try (TestSite birch = TestSite.up(
                TestSite.temporaryFolder("conurb birch "),
                "--city",
                TestSite.ROOT.resolve("demo/birch").toString())) {
            var city = birch.asInstaller().get("/api/city").expect(200).json();
            var alder =
                    TestSite.shared().asInstaller().get("/api/city").expect(200).json();
            for (String member :
                    List.of("id", "timeZone", "languages", "organisations", "unitStatuses", "incidentTypes")) {
                assertThat(city.path(member)).as(member).isNotEqualTo(alder.path(member));
            }
        }
    }
}
