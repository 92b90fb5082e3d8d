package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void aSecondStartOnTheSameDataFolderSaysSoAndEndsWithOne() throws Exception {
        Ran second = run(TestSite.commandLine(
                List.of("up", "--data", TestSite.shared().data.toString(), "--port", "0")));

        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.output()).contains(TestSite.shared().data.toString()).doesNotContain("\tat ");
        TestSite.shared().asNobody().get("/actuator/health/readiness").expect(200);
    }

    @Test
    void aTermSignalStopsEveryChild() throws Exception {
        TestSite site = TestSite.up(TestSite.temporaryFolder("conurb stop "));
        long postgres = site.postgresPid();

        site.stop();

        assertThat(ProcessHandle.of(postgres).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
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
                    .contains("Conurb is ready at https://127.0.0.2:");

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

    @Test
    void theLauncherWorksFromAnyFolderAndNamesWhatItDoesNotKnow() throws Exception {
        String launcher = TestSite.ROOT.resolve("conurb").toString();

        assertThat(run(List.of(launcher, "--version")).output()).contains("Conurb 0.1.0");
        Ran unknown = run(List.of("sh", "-c", "cd / && '" + launcher + "' nonsense"));
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.output()).contains("There is no command nonsense");
    }
}
