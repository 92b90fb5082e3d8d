package org.conurb.identity;

import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.web.OAuth2AuthorizationEndpointFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** The filters before every door: the authorization server's, and all others'. Denied unless opened here. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityConfiguration {
    // The one leniency is style attributes: MapLibre and React place things by them.
    private static final String CONTENT = "default-src 'self'; script-src 'self'; style-src 'self'; "
            + "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
            + "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final List<String> NOT_SERVED = List.of(
            "userinfo_endpoint",
            "end_session_endpoint",
            "revocation_endpoint",
            "revocation_endpoint_auth_methods_supported",
            "introspection_endpoint",
            "introspection_endpoint_auth_methods_supported",
            "dpop_signing_alg_values_supported",
            "tls_client_certificate_bound_access_tokens");

    @Bean
    @Order(1)
    SecurityFilterChain authorizationServer(
            HttpSecurity http,
            ConsoleContexts contexts,
            RegisteredClients clients,
            Secrets secrets,
            SigningKeys keys,
            AccessTokens tokens,
            IdentitySettings settings,
            Clock clock) {
        JwtGenerator generator = new JwtGenerator(new NimbusJwtEncoder(new ImmutableJWKSet<>(keys.signing())));
        generator.setClock(clock);
        generator.setJwtCustomizer(tokens);
        JWKSource<SecurityContext> verifying = new ImmutableJWKSet<>(keys.verifying());
        http.setSharedObject(JWKSource.class, verifying);
        http.securityMatcher(Doors.OAUTH)
                .with(
                        new OAuth2AuthorizationServerConfigurer(),
                        server -> sessionless(server)
                                .registeredClientRepository(clients)
                                .authorizationService(new Authorizations(tokens::refuse))
                                .authorizationServerSettings(AuthorizationServerSettings.builder()
                                        .issuer(settings.issuer())
                                        .build())
                                .tokenGenerator(new DelegatingOAuth2TokenGenerator(generator))
                                .clientAuthentication(authentication -> authentication.authenticationProviders(
                                        providers -> providers.forEach(provider -> {
                                            if (provider instanceof ClientSecretAuthenticationProvider bySecret) {
                                                bySecret.setPasswordEncoder(secrets);
                                            }
                                        })))
                                .authorizationServerMetadataEndpoint(
                                        endpoint -> endpoint.authorizationServerMetadataCustomizer(
                                                metadata -> metadata.claims(SecurityConfiguration::served)))
                                .oidc(oidc -> oidc.providerConfigurationEndpoint(
                                        endpoint -> endpoint.providerConfigurationCustomizer(
                                                metadata -> metadata.claims(SecurityConfiguration::served)))))
                .csrf(AbstractHttpConfigurer::disable)
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint(Doors.TO_CONSOLE).accessDeniedHandler(Doors.DENIED))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated());
        return common(http, contexts).build();
    }

    /** With OpenID Connect it would open a session of the web container for each person, which nothing here reads. */
    private static OAuth2AuthorizationServerConfigurer sessionless(OAuth2AuthorizationServerConfigurer server) {
        server.addObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationEndpointFilter>() {
            @Override
            public <O extends OAuth2AuthorizationEndpointFilter> O postProcess(O filter) {
                filter.setSessionAuthenticationStrategy((authentication, request, response) -> {});
                return filter;
            }
        });
        return server;
    }

    /** What Spring's authorization server could do and is not opened here is not promised either. */
    private static void served(Map<String, Object> claims) {
        NOT_SERVED.forEach(claims::remove);
        claims.put("grant_types_supported", List.of("authorization_code", "client_credentials"));
        claims.put(
                "token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post", "none"));
        if (claims.containsKey("id_token_signing_alg_values_supported")) {
            claims.put("id_token_signing_alg_values_supported", List.of("ES256"));
        }
    }

    @Bean
    @Order(2)
    SecurityFilterChain doors(HttpSecurity http, ConsoleContexts contexts, SessionCookie cookie, AccessTokens tokens) {
        http.csrf(csrf -> csrf.csrfTokenRepository(cookie)
                        .csrfTokenRequestHandler(new HeaderOnly())
                        .requireCsrfProtectionMatcher(Doors.crossSite(cookie)))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(Doors::token)
                        .authenticationEntryPoint(Doors.UNKNOWN)
                        .accessDeniedHandler(Doors.DENIED)
                        .jwt(jwt -> jwt.decoder(tokens).jwtAuthenticationConverter(tokens)))
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint(Doors.UNKNOWN).accessDeniedHandler(Doors.DENIED))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.FORWARD,
                                DispatcherType.INCLUDE,
                                DispatcherType.ERROR,
                                DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers(Doors.FILES, Doors.SIGN_IN, Doors.VOCABULARIES)
                        .permitAll()
                        .requestMatchers("/api/session")
                        .permitAll()
                        .anyRequest()
                        .authenticated());
        return common(http, contexts).build();
    }

    private static HttpSecurity common(HttpSecurity http, ConsoleContexts contexts) {
        return http.addFilterBefore(new SmallBodies(Doors.BODIES), SecurityContextHolderFilter.class)
                .securityContext(context -> context.securityContextRepository(contexts))
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(SecurityConfiguration::headers);
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(policy ->
                        policy.policy("camera=(self), microphone=(self), geolocation=(self), payment=(), usb=()"));
    }

    /** A meter around each filter of each request tells nobody anything and costs a fifth of a small request. */
    @Bean
    SecurityObservationSettings securityObservationSettings() {
        return SecurityObservationSettings.noObservations();
    }

    /** Every request with a token would be such an event, and nobody listens. */
    @Bean
    AuthenticationEventPublisher authenticationEventPublisher() {
        return new AuthenticationEventPublisher() {
            @Override
            public void publishAuthenticationSuccess(Authentication authentication) {}

            @Override
            public void publishAuthenticationFailure(
                    AuthenticationException exception, Authentication authentication) {}
        };
    }

    /** Entity ids are URIs and stand in paths: an encoded slash belongs to its segment and never parts it. */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        // The server leaves encoded slashes as they came (an entity's id may be any URI), so a path may hold a percent
        // sign.
        firewall.setAllowUrlEncodedPercent(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return Doors.REJECTED;
    }

    /** The token comes in the header alone: looking for a parameter would read a body before it is bounded. */
    private static final class HeaderOnly implements CsrfTokenRequestHandler {
        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
            // Told by SessionController alone.
        }

        @Override
        public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
            return request.getHeader(token.getHeaderName());
        }
    }
}
