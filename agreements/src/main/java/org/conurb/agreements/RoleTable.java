package org.conurb.agreements;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Action;
import org.conurb.kernel.Role;

/**
 * What each role may do with each kind of thing of its own organisation. Whoever holds several roles may what any of them
 * may. Nobody deletes incidents or warnings: they end and stay. The auditor reads what others do and changes nothing; the
 * administrator keeps accounts and sees no incident, so neither role alone sees both the city and the traces.
 */
final class RoleTable {
    /** Each cell: r read, c create, u change, d delete. The row {@code *} is for every kind that has none of its own. */
    private static final String TABLE = """
            kind          dispatcher  responder  commander  data-officer  auditor  administrator
            Incident      rcu-        r---       rcu-       r---          ----     ----
            Unit          rcu-        r-u-       r-u-       r---          ----     rcud
            Alert         rcu-        r---       rcu-       r---          ----     ----
            Camera        r---        r---       r---       r---          r---     rcud
            CameraFeed    -c--        -c--       -c--       ----          ----     -c--
            CameraFinding r---        r---       r---       r---          r---     r---
            VideoExport   rc--        ----       rc--       rc--          r---     ----
            VideoHold     r---        ----       rc-d       rc-d          r---     ----
            TalkSpurt     r---        r---       r---       r---          r---     ----
            TalkExport    rc--        ----       rc--       rc--          r---     ----
            Subscription  ----        ----       ----       rcud          r---     rcud
            ContextSourceRegistration ---- ----   ----       rcud          r---     rcud
            Grant         ----        ----       ----       ----          r---     r--d
            AuditEntry    ----        ----       ----       ----          r---     ----
            System        r---        ----       r---       r---          r---     r-u-
            Person        ----        ----       ----       ----          ----     rcud
            Client        ----        ----       ----       ----          ----     rcud
            Organisation  ----        ----       ----       ----          ----     r-u-
            Seat          ----        ----       ----       ----          ----     r-u-
            Tenant        ----        ----       ----       r---          r---     rc-d
            LdContext     r---        r---       r---       rcud          r---     rcud
            Import        ----        ----       ----       rcud          r---     rcud
            TalkGroup     rcud        r-u-       rcud       r---          r---     r---
            TalkMessage   rc--        rc--       rc--       ----          ----     ----
            TalkEmergency r-u-        r---       r-u-       r---          r---     ----
            SipAccount    ----        ----       ----       ----          r---     rcud
            *             r---        r---       r---       rcud          r---     rcud
            """;

    /** Kinds that are the business of one organisation only; no agreement shares them. */
    private static final Set<String> NEVER_SHARED = Set.of(
            "Subscription",
            "ContextSourceRegistration",
            "VideoExport",
            "VideoHold",
            "TalkExport",
            "Grant",
            "AuditEntry",
            "System",
            "Person",
            "Client",
            "Organisation",
            "Seat",
            "Tenant",
            "LdContext",
            "Import",
            "TalkMessage",
            "SipAccount");

    private static final Map<String, Map<Role, Integer>> ROWS = parse();
    private static final Map<Role, Integer> FREE = ROWS.getOrDefault("*", Map.of());

    private RoleTable() {}

    static boolean allows(Set<Role> roles, Action action, String kind) {
        Map<Role, Integer> row = ROWS.getOrDefault(kind, FREE);
        int bit = 1 << action.ordinal();
        for (Role role : roles) {
            if ((row.getOrDefault(role, 0) & bit) != 0) {
                return true;
            }
        }
        return false;
    }

    static boolean shareable(String kind) {
        return !NEVER_SHARED.contains(kind);
    }

    private static Map<String, Map<Role, Integer>> parse() {
        List<String[]> lines =
                TABLE.lines().map(line -> line.strip().split("\\s+", -1)).toList();
        Map<String, Map<Role, Integer>> rows = new HashMap<>();
        for (String[] line : lines.subList(1, lines.size())) {
            Map<Role, Integer> row = new EnumMap<>(Role.class);
            for (int column = 1; column < line.length; column++) {
                row.put(Role.of(lines.getFirst()[column]), mask(line[column]));
            }
            rows.put(line[0], row);
        }
        return Map.copyOf(rows);
    }

    private static int mask(String cell) {
        int mask = 0;
        for (Action action : Action.values()) {
            mask |= cell.charAt(action.ordinal()) == '-' ? 0 : 1 << action.ordinal();
        }
        return mask;
    }
}
