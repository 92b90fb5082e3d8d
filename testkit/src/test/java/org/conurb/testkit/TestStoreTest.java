package org.conurb.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Database;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.junit.jupiter.api.Test;

class TestStoreTest {
    @Test
    void eachCallGivesADatabaseOfItsOwn() {
        Transactions one = TestStore.with();
        Transactions other = TestStore.with();
        one.doAs(List.of(), () -> insert(one));

        assertThat(count(one)).isEqualTo(1);
        assertThat(count(other)).isZero();
    }

    @Test
    void transactionsRunAsTheRolesOfTheRealThing() {
        Transactions store = TestStore.with();
        assertThat(store.as(
                        List.of(new OrganisationId("fire"), new OrganisationId("police")),
                        () -> store.jdbc()
                                .sql("select current_user || ' ' || array_to_string(store.owners(), '+')")
                                .query(String.class)
                                .single()))
                .isEqualTo("conurb_application fire+police");
        assertThat(store.asSystem(() -> store.jdbc()
                        .sql("select current_user")
                        .query(String.class)
                        .single()))
                .isEqualTo("conurb_system");
    }

    @Test
    void whatIsGivenBackIsEmptiedAndGivenAgain() {
        Database first = TestStore.database();
        first.transactions().doAs(List.of(), () -> insert(first.transactions()));
        TestStore.giveBack(first);

        Database again = TestStore.database();
        assertThat(again).isSameAs(first);
        assertThat(count(again.transactions())).isZero();
        TestStore.giveBack(again);
    }

    @Test
    void whatIsNoLongerAsItWasMadeIsNotGivenAgain() {
        Database first = TestStore.database();
        first.migrate(List.of(new Migrations("store"), new Migrations("again")));
        TestStore.giveBack(first);

        Database other = TestStore.database();
        assertThat(other).isNotSameAs(first);
        TestStore.giveBack(other);
    }

    private static void insert(Transactions store) {
        store.jdbc()
                .sql("insert into store.once (caller, key, fingerprint) values ('a', 'b', '')")
                .update();
    }

    private static int count(Transactions store) {
        return store.asSystem(() -> store.jdbc()
                .sql("select count(*) from store.once")
                .query(Integer.class)
                .single());
    }
}
