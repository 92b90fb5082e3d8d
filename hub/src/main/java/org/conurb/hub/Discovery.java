package org.conurb.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import tools.jackson.databind.JsonNode;

/**
 * Which types and attributes there are among the entities that a caller may read (GS CIM 009 clauses 5.7.5 to 5.7.10).
 * Names come from the indexes by one look for each name, whatever the number of entities. An attribute that concerns
 * persons is named like any other. An entity of several types counts for each of them.
 */
final class Discovery {
    private static final int MOST_NAMES = 10_000;
    private static final int MOST_PAIRS = 50_000;
    private static final int SAMPLES = 10;

    /** Types of the wall's organisations, each found by one look into the index (a loose index scan). */
    static final String KINDS = """
            with recursive k (kind) as (
              (select t.kind from hub.entity_type t
                where t.tenant = (select store.tenant()) and t.organisation_id = any(:owners) order by t.kind limit 1)
              union all
              select (select t.kind from hub.entity_type t
                       where t.tenant = (select store.tenant()) and t.organisation_id = any(:owners) and t.kind > k.kind
                       order by t.kind limit 1)
                from k where k.kind is not null
            )
            select kind from k where kind is not null limit :most
            """;

    /** Names of attributes of a type and owner, in the same way; pairs that have no entity cost one look. */
    static final String NAMES = """
            with recursive n (kind, owner, name) as (
              select p.kind, p.owner, (
                       select a.name from hub.attribute a
                        where a.tenant = (select store.tenant()) and a.organisation_id = p.owner and a.kind = p.kind
                        order by a.name limit 1)
                from unnest(:kinds, :owners) p (kind, owner)
              union all
              select n.kind, n.owner, (
                       select a.name from hub.attribute a
                        where a.tenant = (select store.tenant()) and a.organisation_id = n.owner and a.kind = n.kind
                          and a.name > n.name
                        order by a.name limit 1)
                from n where n.name is not null
            )
            select kind, name from n where name is not null limit :most
            """;

    /** Of texts, of numbers at the other end of the index, and of what is neither (AttributeRows). */
    private static final String SAMPLE = """
            select n.name, e.document::jsonb -> n.name as attribute
              from unnest(:names) n (name) cross join lateral (
                select iid from (
                  (select a.iid from hub.attribute a
                    where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners) and a.kind = any(:kinds)
                      and a.name = n.name and a.path = '' order by a.text, a.iid limit :samples)
                  union
                  (select a.iid from hub.attribute a
                    where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners) and a.kind = any(:kinds)
                      and a.name = n.name and a.path = '' order by a.text desc, a.iid desc limit :samples)
                  union
                  (select a.iid from hub.attribute a
                    where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners) and a.kind = any(:kinds)
                      and a.name = n.name and a.path = '' and a.text = '{' limit :samples)) x) s
              join hub.entity e on e.iid = s.iid
            """;

    private final Transactions transactions;
    private final Access access;

    Discovery(Transactions transactions, Access access) {
        this.transactions = transactions;
        this.access = access;
    }

    /**
     * A type.
     *
     * @param attributes kept names, with the kinds that they are of where asked for
     */
    record TypeInfo(String kind, long entities, Map<String, Set<String>> attributes) {}

    /** An attribute, its kinds ({@code Property} and the like), and the types that have it. */
    record AttributeInfo(String name, long instances, Set<String> attributeTypes, Set<String> types) {}

    /** Kept names of all types. */
    Set<String> types(Caller caller) {
        return transactions.as(access.owners(caller), () -> readable(caller).keySet());
    }

    /** Names of attributes by type. */
    Map<String, Set<String>> attributesByType(Caller caller) {
        return transactions.as(access.owners(caller), () -> {
            Map<String, Set<OrganisationId>> readable = readable(caller);
            Map<String, Set<String>> names = names(readable);
            readable.keySet().forEach(kind -> names.computeIfAbsent(kind, none -> new TreeSet<>()));
            return names;
        });
    }

    /** Types by name of attribute. */
    Map<String, Set<String>> typesByAttribute(Caller caller) {
        Map<String, Set<String>> types = new TreeMap<>();
        attributesByType(caller)
                .forEach((kind, names) -> names.forEach(name ->
                        types.computeIfAbsent(name, first -> new TreeSet<>()).add(kind)));
        return types;
    }

    Optional<TypeInfo> type(Caller caller, String kind) {
        return transactions.as(access.owners(caller), () -> {
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, Access.entities(kind));
            long entities = entities(kind, owners);
            if (entities == 0) {
                return Optional.empty();
            }
            Set<String> names = names(Map.of(kind, owners)).getOrDefault(kind, Set.of());
            return Optional.of(new TypeInfo(kind, entities, kinds(names, Set.of(kind), owners)));
        });
    }

    /** Names of a type's attributes; empty where there is no such entity that the caller may read. */
    Optional<Set<String>> attributes(Caller caller, String kind) {
        return transactions.as(access.owners(caller), () -> {
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, Access.entities(kind));
            return there(Set.of(kind), owners).isEmpty()
                    ? Optional.empty()
                    : Optional.of(names(Map.of(kind, owners)).getOrDefault(kind, Set.of()));
        });
    }

    Optional<AttributeInfo> attribute(Caller caller, String name) {
        return transactions.as(access.owners(caller), () -> {
            long instances = 0;
            Set<String> types = new TreeSet<>();
            Set<String> attributeTypes = new TreeSet<>();
            for (Map.Entry<Set<OrganisationId>, Set<String>> alike :
                    byOwners(readable(caller)).entrySet()) {
                Set<String> having = having(name, alike.getValue(), alike.getKey());
                if (!having.isEmpty()) {
                    types.addAll(having);
                    instances += instances(name, having, alike.getKey());
                    attributeTypes.addAll(
                            kinds(Set.of(name), having, alike.getKey()).getOrDefault(name, Set.of()));
                }
            }
            return types.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new AttributeInfo(name, instances, attributeTypes, types));
        });
    }

    /** Types with those owners whose entities of it may be read, of which there is one at least. */
    private Map<String, Set<OrganisationId>> readable(Caller caller) {
        Set<OrganisationId> wall = access.owners(caller);
        List<String> kinds = transactions
                .jdbc()
                .sql(KINDS)
                .param("owners", texts(wall))
                .param("most", MOST_NAMES + 1)
                .query((row, n) -> row.getString("kind"))
                .list();
        if (kinds.size() > MOST_NAMES) {
            throw tooMany();
        }
        Map<String, Set<OrganisationId>> readable = new TreeMap<>();
        for (String kind : kinds) {
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, Access.entities(kind));
            if (!owners.isEmpty()) {
                readable.put(kind, owners);
            }
        }
        byOwners(readable).forEach((owners, alike) -> {
            if (!owners.containsAll(wall)) {
                Set<String> there = there(alike, owners);
                alike.stream().filter(kind -> !there.contains(kind)).forEach(readable::remove);
            }
        });
        return readable;
    }

    private static Map<Set<OrganisationId>, Set<String>> byOwners(Map<String, Set<OrganisationId>> readable) {
        Map<Set<OrganisationId>, Set<String>> kinds = new LinkedHashMap<>();
        readable.forEach((kind, owners) ->
                kinds.computeIfAbsent(owners, first -> new TreeSet<>()).add(kind));
        return kinds;
    }

    /** Those of the types of which these owners have an entity. */
    private Set<String> there(Set<String> kinds, Set<OrganisationId> owners) {
        return Set.copyOf(transactions
                .jdbc()
                .sql("""
                        select k.kind from unnest(:kinds) k (kind)
                         where exists (select from hub.entity_type t where t.tenant = (select store.tenant())
                                          and t.kind = k.kind and t.organisation_id = any(:owners))
                        """)
                .param("kinds", kinds.toArray(String[]::new))
                .param("owners", texts(owners))
                .query(String.class)
                .list());
    }

    /** Those of the types whose entities of these owners have such an attribute. */
    private Set<String> having(String name, Set<String> kinds, Set<OrganisationId> owners) {
        return Set.copyOf(transactions
                .jdbc()
                .sql("""
                        select k.kind from unnest(:kinds) k (kind)
                         where exists (select from hub.attribute a where a.tenant = (select store.tenant())
                                          and a.organisation_id = any(:owners) and a.kind = k.kind and a.name = :name)
                        """)
                .param("kinds", kinds.toArray(String[]::new))
                .param("owners", texts(owners))
                .param("name", name)
                .query(String.class)
                .list());
    }

    private Map<String, Set<String>> names(Map<String, Set<OrganisationId>> readable) {
        List<String> kinds = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        readable.forEach((kind, its) -> its.forEach(owner -> {
            kinds.add(kind);
            owners.add(owner.value());
        }));
        if (kinds.size() > MOST_PAIRS) {
            throw tooMany();
        }
        Map<String, Set<String>> names = new TreeMap<>();
        int[] found = new int[1];
        transactions
                .jdbc()
                .sql(NAMES)
                .param("kinds", kinds.toArray(String[]::new))
                .param("owners", owners.toArray(String[]::new))
                .param("most", MOST_PAIRS + 1)
                .query(row -> {
                    found[0]++;
                    names.computeIfAbsent(row.getString("kind"), first -> new TreeSet<>())
                            .add(row.getString("name"));
                });
        if (found[0] > MOST_PAIRS) {
            throw tooMany();
        }
        return names;
    }

    private long entities(String kind, Set<OrganisationId> owners) {
        return transactions
                .jdbc()
                .sql("""
                        select count(*) from hub.entity_type t
                         where t.tenant = (select store.tenant()) and t.kind = :kind and t.organisation_id = any(:owners)
                        """)
                .param("kind", kind)
                .param("owners", texts(owners))
                .query(Long.class)
                .single();
    }

    private long instances(String name, Set<String> kinds, Set<OrganisationId> owners) {
        return transactions
                .jdbc()
                .sql("""
                        select count(*) from (
                          select distinct a.iid, a.dataset from hub.attribute a
                           where a.tenant = (select store.tenant()) and a.organisation_id = any(:owners)
                             and a.kind = any(:kinds) and a.name = :name and a.path = '' and a.n = 0) x
                        """)
                .param("kinds", kinds.toArray(String[]::new))
                .param("owners", texts(owners))
                .param("name", name)
                .query(Long.class)
                .single();
    }

    /** Kinds of each attribute, as some of its instances tell. */
    private Map<String, Set<String>> kinds(Set<String> names, Set<String> kinds, Set<OrganisationId> owners) {
        Map<String, Set<String>> found = new TreeMap<>();
        names.forEach(name -> found.put(name, new TreeSet<>()));
        transactions
                .jdbc()
                .sql(SAMPLE)
                .param("names", names.toArray(String[]::new))
                .param("kinds", kinds.toArray(String[]::new))
                .param("owners", texts(owners))
                .param("samples", SAMPLES)
                .query(row -> {
                    String attribute = row.getString("attribute");
                    if (attribute != null) {
                        Set<String> its = found.computeIfAbsent(row.getString("name"), first -> new TreeSet<>());
                        JsonNode read = Json.mapper().readTree(attribute);
                        for (JsonNode instance : read.isArray() ? read : List.of(read)) {
                            its.add(AttributeKind.of(instance).type());
                        }
                    }
                });
        return found;
    }

    private static String[] texts(Collection<OrganisationId> owners) {
        return owners.stream().map(OrganisationId::value).toArray(String[]::new);
    }

    private static NgsiLdFault tooMany() {
        return NgsiLdFault.tooManyResults(
                "There are more than %d names.".formatted(MOST_NAMES), "Ask for one type, or one attribute.");
    }
}
