package org.conurb.server;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.websocket.server.WsSci;
import org.conurb.agreements.AgreementsConfiguration;
import org.conurb.audit.AuditConfiguration;
import org.conurb.audit.AuditLog;
import org.conurb.hub.Changes;
import org.conurb.hub.HubConfiguration;
import org.conurb.hub.Standing;
import org.conurb.identity.Callers;
import org.conurb.identity.IdentityConfiguration;
import org.conurb.incidents.IncidentsConfiguration;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.media.MediaWorkers;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.store.Backup;
import org.conurb.store.Change;
import org.conurb.store.Database;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.conurb.streets.StreetsConfiguration;
import org.conurb.streets.StreetsFolder;
import org.conurb.talk.SipConfiguration;
import org.conurb.talk.TalkConfiguration;
import org.conurb.talk.TalkDoorConfiguration;
import org.conurb.talk.TalkRecordingConfiguration;
import org.conurb.video.RecordingConfiguration;
import org.conurb.video.VideoConfiguration;
import org.conurb.warnings.WarningsConfiguration;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import tools.jackson.databind.json.JsonMapper;

/** All rooms, bottom up, and the edge around them. What it takes of Spring Boot is in META-INF/spring, by this class' name. */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration
@EnableConfigurationProperties(MediaSettings.class)
@Import({
    AuditConfiguration.class,
    IdentityConfiguration.class,
    AgreementsConfiguration.class,
    HubConfiguration.class,
    StreetsConfiguration.class,
    IncidentsConfiguration.class,
    WarningsConfiguration.class,
    RecordingConfiguration.class,
    VideoConfiguration.class,
    TalkConfiguration.class,
    TalkDoorConfiguration.class,
    TalkRecordingConfiguration.class,
    SipConfiguration.class,
    ProblemAdvice.class
})
class ServerConfiguration {
    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, Change.class);
    }

    /** The schemas come in the order of the rooms above, which is the order of their beans; the store's own is first. */
    @Bean(destroyMethod = "close")
    Database database(Starting starting, List<Migrations> modules) {
        Database database = starting.database();
        database.migrate(Stream.concat(Stream.of(new Migrations("store")), modules.stream())
                .toList());
        return database;
    }

    @Bean
    Transactions transactions(Database database) {
        return database.transactions();
    }

    @Bean
    Health databaseHealth(Database database) {
        return database.health();
    }

    @Bean
    Ids ids(Clock clock, SecureRandom random) {
        return new Ids(clock, random);
    }

    @Bean
    JsonMapper jsonMapper() {
        return Json.mapper();
    }

    /** What may be called beside public addresses; the cameras of a demo are on this very machine. */
    @Bean
    OutboundPolicy outboundPolicy(UpSettings up, Ports ports) {
        List<String> rules = new ArrayList<>(up.allowOutbound());
        if (up.demo()) {
            rules.add("127.0.0.1:%d,%d".formatted(ports.demoCameras(), ports.demoControl()));
        }
        for (URI camera : up.cameras()) {
            String host = camera.getHost();
            rules.add(camera.getPort() < 0 ? host : host + ":" + camera.getPort());
        }
        return OutboundPolicy.parse(rules);
    }

    @Bean(destroyMethod = "close")
    OutboundHttp outboundHttp(OutboundPolicy policy) {
        return new OutboundHttp(policy);
    }

    @Bean(destroyMethod = "close")
    OutboundMqtt outboundMqtt(OutboundPolicy policy) {
        return new OutboundMqtt(policy);
    }

    /** Live pictures and voice: browsers reach the workers' UDP ports, or ICE over TCP. */
    @Bean(destroyMethod = "close")
    MediaWorkers mediaWorkers(UpSettings up, MediaSettings media, Ports ports, Clock clock) {
        MediaAddresses addresses = MediaAddresses.of(up, media, MediaAddresses.SYSTEM);
        return MediaWorkers.start(MediaWorkers.Settings.of(
                addresses.bind(), addresses.candidates(), ports.media(), ports.iceTcp(), clock));
    }

    @Bean
    Health mediaHealth(MediaWorkers workers) {
        return workers.health();
    }

    @Bean
    @ConditionalOnProperty("conurb.demo")
    DemoController demoController(UpSettings up, OutboundHttp http) {
        return new DemoController(up.data().resolve("demo-control.json"), http);
    }

    @Bean
    CityMap cityMap(UpSettings up) {
        return new CityMap(up.data());
    }

    @Bean
    StreetsFolder streetsFolder(CityMap map) {
        return new StreetsFolder(map.streets());
    }

    @Bean
    CityController cityController(City city, CityMap map, UpSettings up) {
        return new CityController(city, map, up);
    }

    @Bean
    MapController mapController(CityMap map) {
        return new MapController(map);
    }

    @Bean
    SystemState systemState(
            List<Health> parts, List<Backlog> queues, Changes changes, AuditLog audit, UpSettings up, Clock clock) {
        return new SystemState(
                parts,
                queues,
                Map.of("changes", changes::lag, "audit", audit::lag),
                up.data(),
                clock,
                () -> Backup.last(up.data()).map(Backup.Receipt::finishedAt));
    }

    @Bean
    SystemController systemController(SystemState system, Access access) {
        return new SystemController(system, access);
    }

    @Bean
    ConsolePages consolePages() {
        return new ConsolePages();
    }

    @Bean
    Retained answers(Database database) {
        return database.answers();
    }

    @Bean
    Housekeeping housekeeping(List<Retained> rooms, Transactions transactions, Audit audit, City city, Clock clock) {
        return new Housekeeping(rooms, transactions, audit, city, clock);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> patience() {
        return tomcat -> {
            tomcat.setProtocol(PatientHttp11Protocol.class.getName());
            // An entity's id is any URI: its slashes come encoded and stay so.
            tomcat.addConnectorCustomizers(
                    connector -> connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
            tomcat.addContextCustomizers(context -> context.addServletContainerInitializer(new WsSci(), null));
        };
    }

    @Bean
    FilterRegistrationBean<RequestBodies> requestBodies() {
        FilterRegistrationBean<RequestBodies> filter =
                new FilterRegistrationBean<>(new RequestBodies(System::nanoTime));
        filter.setOrder(Ordered.LOWEST_PRECEDENCE - 10);
        return filter;
    }

    @Bean
    FilterRegistrationBean<RequestMeter> requestMeter(MeterRegistry meters) {
        FilterRegistrationBean<RequestMeter> filter =
                new FilterRegistrationBean<>(new RequestMeter(meters, System::nanoTime));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return filter;
    }

    /** Streams and subscriptions end with the session or token, and the roles, that they were opened with. */
    @Bean
    Standing standing(Callers callers) {
        return new Standing() {
            @Override
            public boolean holds(Caller caller) {
                return callers.holds(caller);
            }

            @Override
            public BooleanSupplier of(Caller caller, HttpServletRequest request) {
                return callers.standing(caller);
            }
        };
    }

    @Bean
    WebMvcConfigurer webGlue(Callers callers, Access access, Transactions transactions) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new WebGlue.CallerArgument(callers));
                resolvers.add(new WebGlue.ChangeArgument(callers, access, transactions));
            }
        };
    }

    @Bean
    WebMvcRegistrations webMvcRegistrations() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new Routes();
            }
        };
    }

    @Bean
    SmartInitializingSingleton webAnswers(ObjectProvider<RequestMappingHandlerAdapter> adapter) {
        return () -> WebGlue.install(adapter.getObject());
    }

    /** What the framework's table of file names does not know (W3C Web Application Manifest, appendix on its media type). */
    @Bean
    SmartInitializingSingleton fileTypes(@Qualifier("resourceHandlerMapping") HandlerMapping files) {
        return () -> ((SimpleUrlHandlerMapping) files)
                .getHandlerMap().values().stream()
                        .filter(ResourceHttpRequestHandler.class::isInstance)
                        .map(ResourceHttpRequestHandler.class::cast)
                        .forEach(handler -> handler.setMediaTypes(
                                Map.of("webmanifest", MediaType.parseMediaType("application/manifest+json"))));
    }
}
