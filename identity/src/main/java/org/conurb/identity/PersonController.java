package org.conurb.identity;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** People of an organisation, kept by its administrators. */
@RestController
@RequestMapping("/api/identity/people")
class PersonController {
    /** @param roles by organisation; an empty list takes all roles there away */
    record PersonBody(
            @Nullable String username,
            @Nullable String name,
            @Nullable String password,
            @Nullable Map<String, List<String>> roles) {
        @Override
        public String toString() {
            return "PersonBody[…]"; // no password in logs
        }
    }

    private final People people;
    private final Callers callers;
    private final Organisations organisations;

    PersonController(People people, Callers callers, Organisations organisations) {
        this.people = people;
        this.callers = callers;
        this.organisations = organisations;
    }

    @PostMapping
    Answer create(Caller caller, Change change, @RequestBody PersonBody body) {
        Map<OrganisationId, Set<Role>> roles = roles(body);
        if (roles.values().stream().allMatch(Set::isEmpty)) {
            throw new BadRequest(
                    "roles-missing",
                    "A person holds a role in one organisation or more.",
                    "Send \"roles\":{\"fire\":[\"dispatcher\"]}, for example.");
        }
        return people.create(
                caller,
                change,
                Words.required("username", body.username(), 64),
                Words.required("name", body.name(), 200),
                Optional.ofNullable(body.password()),
                roles);
    }

    /** Of all organisations that the caller acts for, or of the one that {@code Conurb-Organisation} names. */
    @GetMapping
    Map<String, Object> list(
            Caller caller,
            @RequestHeader(name = "Conurb-Organisation", required = false) @Nullable String named,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "") String after) {
        List<Caller> hats = named == null ? callers.hats(caller) : List.of(caller);
        return Page.of(limit, most -> people.list(hats, after, most), Person::username, PersonController::view);
    }

    @PatchMapping("/{id}")
    Answer update(Caller caller, Change change, @PathVariable String id, @RequestBody PersonBody body) {
        if (body.username() != null) {
            throw new BadRequest(
                    "username-fixed", "A user name stays as it is.", "Leave username out, or add a new person.");
        }
        return people.update(
                caller,
                change,
                id(id),
                Optional.ofNullable(body.name()).map(name -> Words.required("name", name, 200)),
                Optional.ofNullable(body.password()),
                roles(body));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, @PathVariable String id) {
        return people.disable(caller, change, id(id));
    }

    private static UUID id(String text) {
        return Ids.parse("Person", text).orElseThrow(() -> new NotFound("Person", text));
    }

    private Map<OrganisationId, Set<Role>> roles(PersonBody body) {
        Map<OrganisationId, Set<Role>> roles = new LinkedHashMap<>();
        (body.roles() == null ? Map.<String, List<String>>of() : body.roles()).forEach((organisation, codes) -> {
            Set<Role> held = EnumSet.noneOf(Role.class);
            (codes == null ? List.<String>of() : codes).forEach(code -> held.add(Role.of(code)));
            roles.put(organisations.require(organisation), held);
        });
        return roles;
    }

    static Map<String, Object> view(Person person) {
        Map<String, List<String>> roles = new LinkedHashMap<>();
        person.roles()
                .forEach((organisation, held) -> roles.put(
                        organisation.value(), held.stream().map(Role::code).toList()));
        return Map.of("id", person.id(), "username", person.username(), "name", person.name(), "roles", roles);
    }
}
