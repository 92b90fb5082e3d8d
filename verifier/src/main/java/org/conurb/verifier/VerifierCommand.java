package org.conurb.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.VerifierKey;

/**
 * {@code verifier BUNDLE [--key FILE]}: says that a bundle (a ZIP, or the folder it was unpacked into) is valid, or names
 * everything that is broken. The key file is the city's {@code audit.pub}. Ends with 0 for valid, 1 for broken, 2 where
 * nothing could be checked.
 */
public final class VerifierCommand {
    private static final int LONGEST_KEY = 4096;

    private VerifierCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /**
     * The same for other programs.
     *
     * @return what the process ends with
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        boolean withKey = arguments.size() == 3 && arguments.get(1).equals("--key");
        if (arguments.size() != 1 && !withKey) {
            err.println("Usage: verifier BUNDLE.zip|FOLDER [--key audit.pub]");
            return 2;
        }
        try (Bundle bundle = Bundle.at(Path.of(arguments.getFirst()))) {
            Optional<VerifierKey> key = withKey ? Optional.of(key(Path.of(arguments.get(2)))) : Optional.empty();
            Verification.Verdict verdict = Verification.of(bundle, key);
            tell(verdict, out);
            return verdict.valid() ? 0 : 1;
        } catch (IOException | java.io.UncheckedIOException | IllegalArgumentException e) {
            err.println("%s cannot be checked: %s".formatted(arguments.getFirst(), e.getMessage()));
            return 2;
        }
    }

    private static VerifierKey key(Path file) throws IOException {
        if (Files.size(file) > LONGEST_KEY) {
            throw new IllegalArgumentException(file + " holds no verifier key");
        }
        return VerifierKey.parse(Files.readString(file));
    }

    private static void tell(Verification.Verdict verdict, PrintStream out) {
        verdict.manifest().ifPresent(manifest -> describe(manifest, out));
        if (!verdict.valid()) {
            out.println("BROKEN: %d fault(s)".formatted(verdict.faults().size()));
            verdict.faults().forEach(fault -> out.println("  " + fault));
            return;
        }
        out.println("VALID: nothing was changed, left out or added.");
        out.println("Signed by " + verdict.key());
        if (!verdict.trusted()) {
            out.println("That key came with the bundle: compare it with the one the city published, or pass --key.");
        }
    }

    private static void describe(EvidenceManifest manifest, PrintStream out) {
        out.println("Export %s of %s, made %s".formatted(manifest.export(), manifest.site(), manifest.madeAt()));
        out.println("  by %s (%s) of %s"
                .formatted(
                        manifest.by().name(),
                        manifest.by().subject(),
                        manifest.by().organisation()));
        out.println("  for %s: %s".formatted(manifest.caseId(), manifest.reason()));
        for (EvidenceManifest.Part part : manifest.parts()) {
            out.println("  %s (%s) from %s to %s: %d file(s), %d gap(s)"
                    .formatted(
                            part.name(),
                            part.source(),
                            part.from(),
                            part.to(),
                            part.files().size(),
                            part.gaps().size()));
        }
    }
}
