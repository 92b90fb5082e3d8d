package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The launcher on machines where something is missing. It is a copy in a folder of its own that knows no other places of
 * JDKs, and finds on its path only what the test lays there.
 */
class LauncherTest {
    private static final List<String> SHELL_TOOLS = List.of(
            "awk",
            "cat",
            "cksum",
            "date",
            "dirname",
            "find",
            "grep",
            "head",
            "id",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sh",
            "tee",
            "touch",
            "tr");

    @TempDir
    Path temporary;

    private Path home;
    private Path tools;
    private Path jdk;

    private record Ran(int exit, String output) {}

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(temporary.resolve("a folder with spaces"));
        tools = Files.createDirectories(temporary.resolve("tools"));
        jdk = Files.createDirectories(temporary.resolve("a jdk"));
        String script = Files.readString(TestSite.ROOT.resolve("conurb"));
        assertThat(script).contains("/usr/lib/jvm/*");
        script(home.resolve("conurb"), script.replaceAll("/usr/lib/jvm/\\*[^;]*;", "/nowhere/*;"));
        Files.copy(TestSite.ROOT.resolve("pom.xml"), home.resolve("pom.xml"));
        for (String tool : SHELL_TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), real(tool).orElseThrow());
        }
    }

    private static Optional<Path> real(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void tool(String name, String text) throws IOException {
        script(tools.resolve(name), "#!/bin/sh\n" + text + "\n");
    }

    /** A JDK as far as the launcher looks; its java tells what it was called with, and makes the cache it is asked for. */
    private void layJdk(String version) throws IOException {
        Path bin = Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
        script(bin.resolve("javac"), "#!/bin/sh\n");
        script(bin.resolve("java"), """
                #!/bin/sh
                for one in "$@"; do
                  printf '[%s]' "$one"
                  case $one in -XX:AOTCacheOutput=*) : >"${one#-XX:AOTCacheOutput=}" ;; esac
                done
                echo
                """);
    }

    private void layBuildTools() throws IOException {
        tool(
                "mvn",
                "mkdir -p server/target/lib && echo x >server/target/lib/x.jar && echo y >server/target/server-0.1.0.jar");
        tool("npm", ":");
        tool("node", ":");
    }

    private Ran run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(temporary.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(new TreeMap<>(Map.of(
                "PATH",
                tools.toString(),
                "HOME",
                temporary.resolve("nobody").toString(),
                "JAVA_HOME",
                jdk.toString())));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    private void refuses(String what, String remedy) throws IOException, InterruptedException {
        for (String command : List.of("up", "demo", "admin", "test", "bench")) {
            Ran ran = run(home.resolve("conurb"), command);
            assertThat(ran.exit()).as(command).isEqualTo(1);
            assertThat(ran.output())
                    .as(command)
                    .contains("conurb: ")
                    .contains(what)
                    .contains(remedy);
        }
    }

    @Test
    void aMissingJdkIsNamedWithWhatToInstall() throws Exception {
        refuses("JDK 25 is missing", "openjdk-25-jdk-headless");
        layJdk("21.0.5");
        refuses("JDK 25 is missing", "openjdk-25-jdk-headless");
    }

    @Test
    void aMissingMavenIsNamedWithTheCommandThatInstallsIt() throws Exception {
        layJdk("25.0.1");
        layBuildTools();
        Files.delete(tools.resolve("mvn"));
        refuses("Maven is missing", "apt-get install maven");
    }

    @Test
    void aMissingNodeIsNamedWithTheCommandThatInstallsIt() throws Exception {
        layJdk("25.0.1");
        layBuildTools();
        Files.delete(tools.resolve("npm"));
        refuses("Node and npm are missing", "apt-get install nodejs npm");
    }

    /** The launcher's own question is asked of a real Node that says it is of that version. */
    @ParameterizedTest
    @CsvSource({
        "18.19.0,false",
        "20.18.3,false",
        "20.19.0,true",
        "21.7.0,false",
        "22.11.0,false",
        "22.12.0,true",
        "24.1.0,true"
    })
    void aNodeThatIsTooOldIsNamed(String version, boolean taken) throws Exception {
        Optional<Path> node = real("node");
        assumeTrue(node.isPresent(), "skipped: no Node here");
        layJdk("25.0.1");
        layBuildTools();
        tool("node", """
                [ "$1" = --version ] && { echo v%1$s; exit 0; }
                exec '%2$s' -e "((process) => { $2 })({ versions: { node: '%1$s' }, exit: process.exit.bind(process) })"
                """.formatted(version, node.get()));

        Ran ran = run(home.resolve("conurb"), "up");

        assertThat(ran.exit()).isEqualTo(taken ? 0 : 1);
        if (!taken) {
            assertThat(ran.output())
                    .contains("Node v" + version + " is too old")
                    .contains("npm install -g node@24");
        }
    }

    @Test
    void itFindsItselfThroughLinksAndSpaces() throws Exception {
        Path elsewhere = Files.createDirectories(temporary.resolve("else where"));
        Path absolute = Files.createSymbolicLink(elsewhere.resolve("one"), home.resolve("conurb"));
        Path relative = Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("one"));

        for (Path launcher : List.of(home.resolve("conurb"), absolute, relative)) {
            assertThat(run(launcher, "--version").output())
                    .as(launcher.toString())
                    .contains("Conurb 0.1.0");
        }
    }

    @Test
    void itBuildsAndTrainsOnceAndAgainOnlyWhenSomethingChanged() throws Exception {
        layJdk("25.0.1");
        layBuildTools();
        Path launcher = home.resolve("conurb");

        Ran first = run(launcher, "up", "--data", "my data");
        assertThat(first.output())
                .contains("Building Conurb")
                .contains("Training the start-up cache")
                .contains("[-Dconurb.home=" + home.toRealPath() + "]")
                .contains("[up][--data][my data]");
        Ran second = run(launcher, "demo", "--still");
        assertThat(second.exit()).isZero();
        assertThat(second.output())
                .doesNotContain("Building")
                .doesNotContain("Training")
                .contains("[-XX:AOTCache=" + home.toRealPath() + "/.build/aot/")
                .contains("[demo][--still]");

        Files.writeString(home.resolve("server/target/lib/x.jar"), "another build");
        assertThat(run(launcher, "up").output()).doesNotContain("Building").contains("Training the start-up cache");
        assertThat(run(launcher, "up").output()).doesNotContain("Training");
        try (Stream<Path> caches = Files.list(home.resolve(".build/aot"))) {
            assertThat(caches).as("old caches go").hasSize(1);
        }
    }

    @Test
    void aBuildThatFailsSaysWhyAndWhereTheLogIs() throws Exception {
        layJdk("25.0.1");
        layBuildTools();
        tool("mvn", "echo '[ERROR] something is wrong'; exit 1");

        Ran ran = run(home.resolve("conurb"), "up");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.output())
                .contains("[ERROR] something is wrong")
                .contains("The build failed")
                .contains("build.log");
    }

    @Test
    void aCommandThatIsNotThereIsNamed() throws Exception {
        Ran unknown = run(home.resolve("conurb"), "nonsense");

        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.output()).contains("There is no command nonsense");
    }
}
