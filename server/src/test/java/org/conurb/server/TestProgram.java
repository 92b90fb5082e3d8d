package org.conurb.server;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.conurb.testkit.TestStore;

/**
 * The program under test as a command: the test's class path as jars, since a start-up cache knows nothing else, and the
 * cache, trained once for each run of the tests by whichever of their processes comes first. Until it is there the
 * program starts without, some seconds later.
 */
final class TestProgram {
    private static final Path FOLDER = TestSite.ROOT.resolve("server/target/test-program");
    private static final Path LIB = TestSite.ROOT.resolve("server/target/lib");
    private static final Path CACHE = FOLDER.resolve("program.aot");
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dconurb.home=" + TestSite.ROOT,
            // What each of many sites would do again, and slowly.
            "-Dconurb.store.binaries=" + TestStore.binaries(),
            "-Dconurb.identity.password-cost=4");
    private static final List<String> PROGRAM = prepare();

    private TestProgram() {}

    /** Java with its options, up to the arguments. */
    static List<String> command() {
        List<String> command = new ArrayList<>(JAVA);
        if (Files.exists(CACHE)) {
            command.addAll(List.of("-XX:AOTCache=" + CACHE, "-Xlog:disable", "-Xlog:all=error:stderr"));
        }
        command.addAll(PROGRAM);
        return command;
    }

    private static List<String> prepare() {
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel lock = FileChannel.open(
                            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                return held.isValid() ? prepareAlone() : List.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> prepareAlone() throws IOException {
        String run = String.valueOf(ProcessHandle.current()
                .parent()
                .flatMap(maven -> maven.info().startInstant())
                .map(Object::hashCode)
                .orElse(0));
        boolean fresh = !Files.exists(FOLDER.resolve("run"))
                || !Files.readString(FOLDER.resolve("run")).equals(run);
        List<String> jars = new ArrayList<>();
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : all.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                Path shipped = LIB.resolve(path.getFileName());
                jars.add(Files.exists(shipped) ? shipped.toString() : entry);
            } else if (Files.isDirectory(path) && !path.endsWith("test-classes")) {
                Path module = path.getParent().getParent();
                Path jar = FOLDER.resolve(module.getFileName() + ".jar");
                if (fresh) {
                    pack(path, jar);
                }
                jars.add(jar.toString());
            }
        }
        List<String> program = List.of("-cp", String.join(File.pathSeparator, jars), "org.conurb.server.Conurb");
        if (fresh) {
            Files.deleteIfExists(CACHE);
            train(program);
            Files.writeString(FOLDER.resolve("run"), run);
        }
        return program;
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                packed.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
    }

    /** Beside the first tests. */
    private static void train(List<String> program) throws IOException {
        Path fresh = FOLDER.resolve("program.aot.new");
        List<String> line = new ArrayList<>(JAVA);
        line.add("-XX:AOTCacheOutput=" + fresh);
        line.addAll(program);
        line.addAll(List.of(
                "train", "--data", Files.createTempDirectory("conurb train ").toString()));
        Process trained = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("train.log").toFile())
                .start();
        trained.onExit().orTimeout(3, TimeUnit.MINUTES).whenComplete((ended, tooLong) -> {
            if (tooLong != null) {
                trained.destroyForcibly();
            } else if (ended.exitValue() == 0 && Files.exists(fresh)) {
                keep(fresh);
            }
        });
    }

    private static void keep(Path fresh) {
        try {
            Files.move(fresh, CACHE, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
