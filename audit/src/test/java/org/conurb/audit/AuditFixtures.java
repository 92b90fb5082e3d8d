package org.conurb.audit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** Callers and entries that the tests of this module share. */
final class AuditFixtures {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");
    static final String ANNE = "person:0190a1b2-0000-7000-8000-00000000a00e";
    static final String PHONE = "+49 30 1234567";

    private AuditFixtures() {}

    static Caller person(String subject, OrganisationId organisation) {
        return new Caller(
                subject,
                "Anne Example",
                organisation,
                Optional.of("fire-1"),
                Set.of(Role.DISPATCHER, Role.AUDITOR),
                Optional.of(new UUID(7, 7)),
                Optional.empty());
    }

    static Caller client(OrganisationId organisation) {
        return new Caller(
                "client:crm",
                "CRM",
                organisation,
                Optional.empty(),
                Set.of(Role.DISPATCHER),
                Optional.empty(),
                Optional.empty());
    }

    /** A call taken by Anne, whose caller left a phone number. */
    static AuditEntry opened(int number) {
        return AuditEntry.of(person(ANNE, FIRE), "incident.opened", "Incident", "urn:ngsi-ld:Incident:" + number, FIRE)
                .with(Map.of("number", "I-" + number, "type", "fire.smoke"))
                .concerning(Map.of("caller.phone", PHONE));
    }

    static void await(Duration most, BooleanSupplier condition) {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + most);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
