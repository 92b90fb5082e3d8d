package org.conurb.identity;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;
import org.springframework.util.function.SingletonSupplier;

/** Wires this room. Needs of the house: Transactions, City, Access, Audit, Ids, Clock. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdentitySettings.class)
@Import(SecurityConfiguration.class)
public class IdentityConfiguration {
    @Bean
    Migrations identityMigrations() {
        return new Migrations("identity");
    }

    @Bean
    Organisations organisations(City city, Transactions transactions) {
        return new Organisations(city, transactions);
    }

    @Bean
    PersonStore personStore(Transactions transactions, Organisations organisations) {
        return new PersonStore(transactions, organisations);
    }

    @Bean
    ClientStore clientStore(Transactions transactions, Organisations organisations) {
        return new ClientStore(transactions, organisations);
    }

    @Bean
    Parties parties(Transactions transactions, PersonStore people, ClientStore clients, Clock clock) {
        return new Parties(transactions, people, clients, clock);
    }

    @Bean
    Callers callers(Parties parties, Sessions sessions, Clock clock) {
        return new Callers(parties, sessions, clock);
    }

    @Bean
    Passwords passwords(IdentitySettings settings) {
        return new Passwords(settings.passwordCost(), new SecureRandom());
    }

    @Bean
    Throttle throttle(Clock clock) {
        return new Throttle(clock);
    }

    @Bean
    SignIn signIn(
            Transactions transactions,
            PersonStore people,
            Passwords passwords,
            Throttle throttle,
            Sessions sessions,
            Audit audit) {
        return new SignIn(transactions, people, passwords, throttle, sessions, audit);
    }

    @Bean
    SessionCookie sessionCookie(IdentitySettings settings) {
        return new SessionCookie(new SecureRandom(), settings.secure());
    }

    @Bean
    Sessions sessions(
            Transactions transactions,
            PersonStore people,
            Organisations organisations,
            Audit audit,
            IdentitySettings settings,
            Clock clock) {
        return new Sessions(transactions, people, organisations, audit, settings, clock);
    }

    @Bean
    ConsoleContexts consoleContexts(SessionCookie cookie, Sessions sessions) {
        return new ConsoleContexts(cookie, sessions);
    }

    @Bean
    SessionController sessionController(
            SignIn signIn, Sessions sessions, SessionCookie cookie, Organisations organisations) {
        return new SessionController(signIn, sessions, cookie, new SessionView(organisations));
    }

    @Bean
    @ConditionalOnProperty("conurb.identity.role-switch")
    RoleSwitchController roleSwitchController(
            SessionController sessions, Transactions transactions, PersonStore people) {
        return new RoleSwitchController(sessions, transactions, people);
    }

    @Bean
    Passkeys passkeys(Transactions transactions, PersonStore people, Clock clock) {
        return new Passkeys(transactions, people, clock);
    }

    @Bean
    PasskeyController passkeyController(
            Passkeys passkeys,
            PersonStore people,
            Sessions sessions,
            SessionController console,
            SessionCookie cookie,
            Throttle throttle,
            Transactions transactions,
            Audit audit,
            Callers callers,
            Organisations organisations,
            IdentitySettings settings,
            Clock clock) {
        Supplier<WebAuthnRelyingPartyOperations> relyingParty = SingletonSupplier.of(
                () -> relyingParty(passkeys, organisations.city().name(), settings));
        return new PasskeyController(
                relyingParty,
                passkeys,
                people,
                sessions,
                console,
                cookie,
                throttle,
                transactions,
                audit,
                callers,
                clock);
    }

    /** A passkey takes a password's place, so the device must know its owner (user verification), not only be there. */
    private static WebAuthnRelyingPartyOperations relyingParty(
            Passkeys passkeys, String name, IdentitySettings settings) {
        URI url = settings.publicUrl();
        Webauthn4JRelyingPartyOperations operations = new Webauthn4JRelyingPartyOperations(
                passkeys.users(),
                passkeys,
                PublicKeyCredentialRpEntity.builder()
                        .id(url.getHost())
                        .name(name)
                        .build(),
                Set.of(settings.issuer()));
        operations.setCustomizeCreationOptions(
                options -> options.authenticatorSelection(AuthenticatorSelectionCriteria.builder()
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .residentKey(ResidentKeyRequirement.REQUIRED)
                        .build()));
        operations.setCustomizeRequestOptions(
                options -> options.userVerification(UserVerificationRequirement.REQUIRED));
        return operations;
    }

    @Bean
    SigningKeys signingKeys(IdentitySettings settings, Clock clock) {
        return new SigningKeys(
                new PrivateFile(settings.data().resolve("keys/token-signing.json")),
                settings.signingKeyAge(),
                new SecureRandom(),
                clock);
    }

    @Bean
    Secrets secrets(IdentitySettings settings) {
        return new Secrets(new PrivateFile(settings.data().resolve("keys/told-secrets.key")), new SecureRandom());
    }

    @Bean
    AccessTokens accessTokens(SigningKeys keys, IdentitySettings settings, Parties parties, Clock clock) {
        return new AccessTokens(keys, settings.issuer(), settings.tokenLife(), parties, clock);
    }

    @Bean
    RegisteredClients registeredClients(Parties parties, IdentitySettings settings) {
        return new RegisteredClients(parties, settings.tokenLife());
    }

    @Bean
    Bootstrap bootstrap(
            Transactions transactions,
            ClientStore clients,
            Organisations organisations,
            Parties parties,
            IdentitySettings settings,
            Clock clock) {
        return new Bootstrap(transactions, clients, organisations, parties, settings, new SecureRandom(), clock);
    }

    @Bean
    People people(
            Transactions transactions,
            PersonStore store,
            Passwords passwords,
            Secrets secrets,
            Sessions sessions,
            Parties parties,
            Callers callers,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        return new People(
                transactions, store, passwords, secrets, sessions, parties, callers, access, audit, ids, clock);
    }

    @Bean
    PersonController personController(People people, Callers callers, Organisations organisations) {
        return new PersonController(people, callers, organisations);
    }

    @Bean
    ClientController clientController(
            Transactions transactions,
            ClientStore store,
            PersonStore people,
            Parties parties,
            Callers callers,
            Bootstrap bootstrap,
            Secrets secrets,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock,
            Organisations organisations) {
        return new ClientController(
                new Clients(
                        transactions,
                        store,
                        people,
                        organisations,
                        parties,
                        callers,
                        bootstrap,
                        secrets,
                        access,
                        audit,
                        ids,
                        clock),
                callers,
                organisations);
    }
}
