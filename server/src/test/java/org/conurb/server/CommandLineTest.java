package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private record Ran(int exit, String output) {}

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    /** What a start on a folder of its own says that does not come to be. */
    private static String refused(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(
                List.of("--data", TestSite.temporaryFolder("conurb refused ").toString()));
        Ran ran = run(TestSite.commandLine(line));
        assertThat(ran.exit()).as(ran.output()).isEqualTo(1);
        return ran.output();
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
        assertThat(refused("up", "--port", String.valueOf(taken)))
                .contains("Port " + taken + " is taken")
                .contains("--port");
    }

    @Test
    void aCityFolderWithFaultsNamesEachLine() throws Exception {
        Path city = Files.createTempDirectory("conurb city ");
        Files.writeString(
                city.resolve("city.yaml"), "id: Alder City\nname: 7\ntime-zone: Mars/Olympus\nlanguages: [xx-]\n");
        assertThat(refused("up", "--port", "0", "--city", city.toString()))
                .contains("city.yaml:1:")
                .contains("city.yaml:3:")
                .contains("city.yaml:4:");
    }

    @Test
    void anotherAddressNeedsTlsOrAProxy() throws Exception {
        assertThat(refused("up", "--port", "0", "--listen", "127.0.0.2")).contains("--tls-cert");
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
    void aDemoTakesRealCamerasInAndTellsOfAMapOfAnotherPlace() {
        String camera = "rtsp://viewer:guessed-by-nobody@127.0.0.1:9/stream";
        List<String> options = new ArrayList<>(List.of("--camera", camera));
        Optional<Path> elsewhere = BrowserRoom.extract("andorra");
        elsewhere.ifPresent(map -> options.addAll(List.of("--map", map.toString())));
        try (TestSite site =
                TestSite.demo(TestSite.temporaryFolder("conurb cameras "), options.toArray(String[]::new))) {
            String cameras =
                    site.asInstaller().get("/api/video/cameras").expect(200).text();
            assertThat(cameras).contains("127.0.0.1:9/stream").doesNotContain("guessed-by-nobody");
            assertThat(site.asInstaller().get("/api/video/health").expect(200).text())
                    .contains("Camera 1");

            assumeTrue(elsewhere.isPresent(), "skipped, but for the camera: no extract or no basemap is here");
            TestSite.await(
                    "the word that this map is of another place",
                    () -> site.output().contains("No map was made")
                            && site.output().contains("lies outside the extract")
                            && site.output().contains("that holds the city's area"));
        }
    }

    @Test
    void nothingButAnRtspAddressIsACamera() throws Exception {
        assertThat(refused("demo", "--port", "0", "--still", "--camera", "http://127.0.0.1/x"))
                .contains("rtsp://");
    }
}
