package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.caller;
import static org.conurb.talk.TalkSite.dispatcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SipAccountsStoreTest {
    @TempDir
    private Path folder;

    private final TalkSite site = TalkSite.open();
    private final Caller control = dispatcher();
    private final List<String> forgotten = new ArrayList<>();
    private SipAccounts accounts;
    private SipAccountController door;

    @BeforeEach
    void open() {
        accounts = opened();
        accounts.onForgotten(forgotten::add);
        door = new SipAccountController(
                accounts, site.participants, "elm", List.of("sips:elm:8088"), site.access, site.transactions);
    }

    private SipAccounts opened() {
        Random random = new Random(4);
        SipAccounts opened = new SipAccounts(
                site.transactions,
                SealingKey.open(folder.resolve("sip.key"), "make all again", random),
                site.participants,
                site.access,
                site.audit,
                "elm",
                site.ids,
                site.clock,
                random);
        opened.start();
        return opened;
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Change change(Caller caller) {
        return new Change(site.transactions, caller, site.access.owners(caller), Optional.empty(), new byte[0]);
    }

    private Map<?, ?> make(String seat, String device) {
        Answer made = door.make(new SipAccounts.Wanted(null, seat, null, device, null), control, change(control));
        assertThat(made.status()).isEqualTo(201);
        return Json.mapper().readValue(made.body(), Map.class);
    }

    @Test
    void aSecretIsToldOnceAndLiesSealed() throws Exception {
        Map<?, ?> made = make("dispatch-1", "Desk phone");
        String secret = String.valueOf(made.get("password"));

        assertThat(secret).hasSize(20);
        assertThat(made.get("realm")).isEqualTo("elm");
        assertThat(String.valueOf(made.get("username"))).matches("1[0-9]{7}");
        assertThat(Json.mapper().writeValueAsString(door.list(control, null, null)))
                .contains("Desk phone", "sip:dispatch-1@elm")
                .doesNotContain(secret);
        byte[] sealed = site.transactions.asSystem(() -> site.transactions
                .jdbc()
                .sql("select secret from talk.sip_account")
                .query(byte[].class)
                .single());
        assertThat(new String(sealed, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("sip.key"))))
                .isEqualTo("rw-------");
        assertThat(opened().find(String.valueOf(made.get("username")))
                        .orElseThrow()
                        .secret())
                .isEqualTo(secret);
        assertThat(site.audit.actions()).contains("sip-account.made");
    }

    @Test
    void oneThatIsRemovedIsForgottenAtOnce() {
        Map<?, ?> made = make("dispatch-1", "Desk phone");
        door.remove(String.valueOf(made.get("id")), control, change(control));

        assertThat(forgotten).containsExactly(String.valueOf(made.get("username")));
        assertThat(accounts.find(String.valueOf(made.get("username")))).isEmpty();
        assertThat(door.list(control, null, null).items()).isEmpty();
        assertThat(site.audit.actions()).contains("sip-account.removed");
    }

    @Test
    void anotherOrganisationNeitherSeesNorMakesNorRemovesThem() {
        Map<?, ?> made = make("dispatch-1", "Desk phone");
        Caller fire = caller(FIRE, Role.DISPATCHER, "fire-chief");

        assertThat(door.list(fire, null, null).items()).isEmpty();
        assertThatThrownBy(() -> door.remove(String.valueOf(made.get("id")), fire, change(fire)))
                .isInstanceOf(ConurbException.class);
        assertThatThrownBy(() ->
                        door.make(new SipAccounts.Wanted(null, "dispatch-1", null, "Theirs", null), fire, change(fire)))
                .isInstanceOf(ConurbException.class);
        assertThat(door.list(control, null, null).items()).hasSize(1);
    }

    @Test
    void whatIsWrongIsToldAndMakesNone() {
        for (SipAccounts.Wanted wrong : List.of(
                new SipAccounts.Wanted(null, "nobody", null, "Phone", null),
                new SipAccounts.Wanted(null, null, null, "Phone", null),
                new SipAccounts.Wanted(null, "dispatch-1", null, " ", null),
                new SipAccounts.Wanted(null, "dispatch-1", null, "Phone", "SHA-1"))) {
            assertThatThrownBy(() -> door.make(wrong, control, change(control))).isInstanceOf(BadRequest.class);
        }
        for (int i = 0; i < Station.MOST_CLIENTS; i++) {
            make("dispatch-1", "Phone " + i);
        }
        assertThatThrownBy(() -> make("dispatch-1", "One more")).isInstanceOf(Conflict.class);
        assertThat(door.list(control, null, null).items()).hasSize(Station.MOST_CLIENTS);
    }
}
