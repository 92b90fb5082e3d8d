package org.conurb.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.kernel.Action;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** Organisations, and who may what with whose data: seats, grants, purposes, talk groups. */
final class CityRules {
    private static final List<String> KINDS =
            List.of("control-room", "police", "fire", "ambulance", "hospital", "school", "town-hall", "other");
    private static final List<String> ROLES =
            Arrays.stream(Role.values()).map(Role::code).toList();
    private static final List<String> ACTIONS =
            Arrays.stream(Action.values()).map(Action::code).toList();
    private static final Pattern ENTITY_TYPE =
            Pattern.compile("[A-Z][A-Za-z0-9]{0,79}|https?://\\S{1,200}|urn:\\S{1,200}");
    /** Purposes that the program itself stands under, and what for. */
    private static final List<String> NEEDED_PURPOSES = List.of("dispatch", "maintenance", "operation");

    /** What concerns one organisation only; agreements would never open it. */
    private static final Set<String> NEVER_SHARED = Set.of(
            "Subscription",
            "ContextSourceRegistration",
            "Grant",
            "AuditEntry",
            "System",
            "Person",
            "Client",
            "Organisation",
            "Seat",
            "Tenant",
            "LdContext",
            "TalkMessage",
            "SipAccount");

    private static final String ALL = "all";
    private static final String EVERYONE = "everyone";
    private static final int MOST_ORGANISATIONS = 200;

    private final CitySections sections;
    private final CityTexts texts;
    private final Set<String> organisationIds = new LinkedHashSet<>();
    private final List<City.Organisation> organisations = new ArrayList<>();

    CityRules(CitySections sections, CityTexts texts) {
        this.sections = sections;
        this.texts = texts;
        CityValue section = sections.required("organisations");
        for (CityValue.Entry entry : section.entries()) {
            organisations.add(read(entry));
        }
        if (section.isMap() && organisations.isEmpty()) {
            section.fault("A city has at least one organisation.", "Add one, as fire: {name: …, kind: fire}.");
        }
        if (organisations.size() > MOST_ORGANISATIONS) {
            section.fault("More than %d organisations.".formatted(MOST_ORGANISATIONS), "Make it several cities.");
        }
    }

    List<City.Organisation> organisations() {
        return List.copyOf(organisations);
    }

    /** An organisation that the folder has. */
    OrganisationId organisation(CityValue value) {
        String id = value.oneOf(organisationIds, "organisation", "Add it to organisations.");
        return new OrganisationId(organisationIds.contains(id) ? id : CityValue.STAND_IN);
    }

    private City.Organisation read(CityValue.Entry entry) {
        String id = entry.key().named(CityReader.ID, CityReader.ID_REMEDY);
        if (id.equals(EVERYONE)) {
            entry.key().fault("everyone means all organisations and cannot be one.", "Choose another id.");
        }
        organisationIds.add(id);
        CityFields fields = entry.value().fields("name", "kind");
        return new City.Organisation(
                new OrganisationId(id),
                texts.text(fields.required("name")),
                fields.required("kind").oneOf(KINDS, "kind of organisation", ""));
    }

    List<City.Seat> seats() {
        List<City.Seat> seats = new ArrayList<>();
        for (CityValue.Entry entry : entries("seats")) {
            CityFields fields = entry.value().fields("name", "organisation", "role");
            seats.add(new City.Seat(
                    entry.key().named(CityReader.ID, CityReader.ID_REMEDY),
                    texts.text(fields.required("name")),
                    organisation(fields.required("organisation")),
                    role(fields.required("role"))));
        }
        return List.copyOf(seats);
    }

    List<City.Grant> grants() {
        List<City.Grant> grants = new ArrayList<>();
        for (CityValue item : sections.section("grants").map(CityValue::items).orElse(List.of())) {
            CityFields fields = item.fields("provider", "consumers", "kinds", "actions");
            OrganisationId provider = organisation(fields.required("provider"));
            Set<String> kinds = entityTypes(fields.required("kinds"));
            Set<Action> actions = actions(fields.required("actions"));
            for (Optional<OrganisationId> consumer : consumers(fields.required("consumers"), provider)) {
                grants.add(new City.Grant(provider, consumer, kinds, actions));
            }
        }
        return List.copyOf(grants);
    }

    private List<Optional<OrganisationId>> consumers(CityValue value, OrganisationId provider) {
        if (!value.isList()) {
            if (!value.string().equals(EVERYONE) && !value.isMap()) {
                value.fault(
                        "Here one word stands where a list of organisations belongs.",
                        "Write [police, ambulance], or everyone.");
            }
            return List.of(Optional.empty());
        }
        List<Optional<OrganisationId>> consumers = new ArrayList<>();
        for (String id : value.someOf(organisationIds, "organisation", "Add it to organisations.")) {
            if (id.equals(provider.value())) {
                value.fault("%s needs no grant for its own things.".formatted(id), "Take it from consumers.");
            } else if (organisationIds.contains(id)) {
                consumers.add(Optional.of(new OrganisationId(id)));
            }
        }
        if (value.items().isEmpty()) {
            value.fault("The list is empty.", "Name organisations, or delete the grant.");
        }
        return consumers;
    }

    private static Set<String> entityTypes(CityValue value) {
        if (!value.isList()) {
            if (!value.string().equals(ALL) && !value.isMap()) {
                value.fault("Here one word stands where a list of types belongs.", "Write [Incident, Unit], or all.");
            }
            return Set.of();
        }
        Set<String> kinds = new HashSet<>();
        for (CityValue item : value.items()) {
            String kind = item.named(ENTITY_TYPE, "Write an entity type as Incident, Unit or Alert, or an IRI.");
            if (NEVER_SHARED.contains(kind)) {
                item.fault("%s is never shared between organisations.".formatted(kind), "Take it from the list.");
            }
            kinds.add(kind);
        }
        if (kinds.isEmpty()) {
            value.fault("The list is empty.", "Name types, or write all.");
        }
        return Set.copyOf(kinds);
    }

    private static Set<Action> actions(CityValue value) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (String code : value.someOf(ACTIONS, "action", "")) {
            if (ACTIONS.contains(code)) {
                actions.add(Action.valueOf(code.toUpperCase(Locale.ROOT)));
            }
        }
        if (value.isList() && value.items().isEmpty()) {
            value.fault("The list is empty.", "Write [read], or more of read, create, change, delete.");
        }
        return Set.copyOf(actions);
    }

    List<City.Purpose> purposes() {
        CityValue section = sections.required("purposes");
        List<City.Purpose> purposes = new ArrayList<>();
        for (CityValue.Entry entry : section.entries()) {
            CityFields fields = entry.value().fields("name", "roles", "needs-case", "lasts");
            purposes.add(new City.Purpose(
                    entry.key().named(CityReader.ID, CityReader.ID_REMEDY),
                    texts.text(fields.required("name")),
                    roles(fields.required("roles")),
                    fields.optional("needs-case").map(CityValue::bool).orElse(false),
                    fields.required("lasts").duration()));
        }
        for (String needed : NEEDED_PURPOSES) {
            if (section.isMap() && purposes.stream().noneMatch(p -> p.code().equals(needed))) {
                section.fault(
                        "The purpose %s is missing; the program itself works under it.".formatted(needed),
                        "Add %s: {name: …, roles: […], lasts: 12h}.".formatted(needed));
            }
        }
        return List.copyOf(purposes);
    }

    List<City.TalkGroupPolicy> talkGroups() {
        List<City.TalkGroupPolicy> policies = new ArrayList<>();
        for (CityValue.Entry entry : entries("talk-groups")) {
            CityFields fields = entry.value().fields("name", "members", "recorded");
            policies.add(new City.TalkGroupPolicy(
                    entry.key().named(CityReader.ID, CityReader.ID_REMEDY),
                    texts.text(fields.required("name")),
                    fields
                            .required("members")
                            .someOf(organisationIds, "organisation", "Add it to organisations.")
                            .stream()
                            .filter(organisationIds::contains)
                            .map(OrganisationId::new)
                            .toList(),
                    fields.required("recorded").bool()));
        }
        return List.copyOf(policies);
    }

    private List<CityValue.Entry> entries(String section) {
        return sections.section(section).map(CityValue::entries).orElse(List.of());
    }

    static Role role(CityValue value) {
        String code = value.oneOf(ROLES, "role", "");
        return ROLES.contains(code) ? Role.of(code) : Role.RESPONDER;
    }

    static Set<Role> roles(CityValue value) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String code : value.someOf(ROLES, "role", "")) {
            if (ROLES.contains(code)) {
                roles.add(Role.of(code));
            }
        }
        if (value.isList() && value.items().isEmpty()) {
            value.fault("The list is empty.", "Name roles: %s.".formatted(String.join(", ", ROLES)));
        }
        return Set.copyOf(roles);
    }
}
