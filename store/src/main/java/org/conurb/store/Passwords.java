package org.conurb.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Passwords of the four roles of the embedded cluster; kept in {@code keys/database.json}, never shown. */
final class Passwords {
    static final String SUPERUSER = "postgres";
    static final String OWNER = "conurb_owner";
    static final String APPLICATION = "conurb_application";
    static final String SYSTEM = "conurb_system";

    private static final TypeReference<Map<String, String>> FORM = new TypeReference<>() {};

    private final Map<String, String> byRole;

    private Passwords(Map<String, String> byRole) {
        this.byRole = byRole;
    }

    static Path file(Path data) {
        return data.resolve("keys").resolve("database.json");
    }

    static boolean present(Path data) {
        return Files.exists(file(data));
    }

    static Passwords create(Path data, RandomGenerator random) throws IOException {
        Map<String, String> made = new LinkedHashMap<>();
        for (String role : new String[] {SUPERUSER, OWNER, APPLICATION, SYSTEM}) {
            byte[] secret = new byte[24];
            random.nextBytes(secret);
            made.put(role, HexFormat.of().formatHex(secret));
        }
        Folders.writeSecret(file(data), Json.mapper().writeValueAsBytes(made));
        return new Passwords(made);
    }

    static Passwords read(Path data) throws IOException {
        try {
            Map<String, String> read = Json.mapper().readValue(Files.readAllBytes(file(data)), FORM);
            if (read.keySet().containsAll(java.util.List.of(SUPERUSER, OWNER, APPLICATION, SYSTEM))) {
                return new Passwords(read);
            }
        } catch (JacksonException broken) {
            // told below
        }
        throw new StoreFault(
                "database-passwords",
                "%s does not hold the database's passwords.".formatted(file(data)),
                "Restore the file from a back-up, or delete it: new passwords are then set at the next start.");
    }

    String of(String role) {
        String password = byRole.get(role);
        if (password == null) {
            throw new IllegalArgumentException("No password for " + role);
        }
        return password;
    }

    @Override
    public String toString() {
        return "Passwords[masked]";
    }
}
