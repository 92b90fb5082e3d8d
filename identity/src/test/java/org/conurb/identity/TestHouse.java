package org.conurb.identity;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import tools.jackson.databind.json.JsonMapper;

/** This room behind a real Tomcat on a real PostgreSQL, with the glue that the server module has. */
final class TestHouse implements AutoCloseable {
    final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    final Access access = new OwnAccess();
    final FakeAudit audit = new FakeAudit();
    final Transactions transactions = TestStore.with("identity");
    final Ids ids = TestIds.seeded(clock);
    final Path data;
    final Map<String, Object> settings = new LinkedHashMap<>();
    int port;
    private ConfigurableApplicationContext context;

    TestHouse(Path data) {
        this.data = data;
        start();
    }

    void start() {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        restart();
    }

    /** Stops the server, if it runs, and starts it on the same port, data folder and database. */
    void restart() {
        stop();
        SpringApplication application = new SpringApplication(Glue.class);
        application.addInitializers(fresh -> {
            var beans = fresh.getBeanFactory();
            beans.registerSingleton("house", this);
        });
        settings.put("server.port", port);
        settings.put("server.address", "127.0.0.1");
        settings.put("spring.main.banner-mode", "off");
        settings.put("logging.level.root", "warn");
        settings.put("conurb.identity.public-url", url());
        settings.put("conurb.identity.data", data.toString());
        settings.put("conurb.identity.password-cost", 4);
        application.setDefaultProperties(settings);
        context = application.run();
    }

    String url() {
        return "http://localhost:" + port;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Browser browser() {
        return new Browser(url());
    }

    /** Adds a person whose password is {@code correct horse battery}. */
    void person(String username, Map<OrganisationId, Set<Role>> roles) {
        bean(People.class).ensure(username, "Someone " + username, Browser.PASSWORD, roles);
    }

    void stop() {
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void close() {
        stop();
        TestStore.giveBack(transactions);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(IdentityConfiguration.class)
    static class Glue implements WebMvcConfigurer {
        private final ObjectProvider<Callers> callers;
        private final TestHouse house;

        Glue(ObjectProvider<Callers> callers, TestHouse house) {
            this.callers = callers;
            this.house = house;
        }

        @Bean
        static Transactions transactions(TestHouse house) {
            return house.transactions;
        }

        @Bean
        static City city() {
            return TestCity.city();
        }

        @Bean
        static Access access(TestHouse house) {
            return house.access;
        }

        @Bean
        static Audit audit(TestHouse house) {
            return entry -> {
                var id = house.audit.record(entry);
                house.transactions.audited(id);
                return id;
            };
        }

        @Bean
        static Ids ids(TestHouse house) {
            return house.ids;
        }

        @Bean
        static TestClock clock(TestHouse house) {
            return house.clock;
        }

        @Bean
        static JsonMapper jsonMapper() {
            return Json.mapper();
        }

        @Bean
        static Probe probe() {
            return new Probe();
        }

        @Bean
        static Advice advice() {
            return new Advice();
        }

        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
            resolvers.add(new HandlerMethodArgumentResolver() {
                @Override
                public boolean supportsParameter(MethodParameter parameter) {
                    return parameter.getParameterType() == Caller.class || parameter.getParameterType() == Change.class;
                }

                @Override
                public Object resolveArgument(
                        MethodParameter parameter,
                        ModelAndViewContainer view,
                        NativeWebRequest request,
                        WebDataBinderFactory binders) {
                    Caller caller = callers.getObject().current();
                    return parameter.getParameterType() == Caller.class
                            ? caller
                            : new Change(
                                    house.transactions,
                                    caller,
                                    house.access.owners(caller),
                                    Optional.ofNullable(request.getHeader("Idempotency-Key")),
                                    new byte[32]);
                }
            });
        }

        @Bean
        static SmartInitializingSingleton answers(ObjectProvider<RequestMappingHandlerAdapter> adapters) {
            return () -> {
                RequestMappingHandlerAdapter adapter = adapters.getObject();
                List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
                handlers.add(new Answers());
                handlers.addAll(adapter.getReturnValueHandlers());
                adapter.setReturnValueHandlers(handlers);
            };
        }
    }

    private static final class Answers implements HandlerMethodReturnValueHandler {
        @Override
        public boolean supportsReturnType(MethodParameter type) {
            return type.getParameterType() == Answer.class;
        }

        @Override
        public void handleReturnValue(
                Object value, MethodParameter type, ModelAndViewContainer view, NativeWebRequest request)
                throws IOException {
            view.setRequestHandled(true);
            HttpServletResponse response = request.getNativeResponse(HttpServletResponse.class);
            Answer answer = (Answer) value;
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            response.getOutputStream().write(answer.body());
        }
    }

    /** Says who the caller is. */
    @RestController
    static class Probe {
        @GetMapping("/api/probe")
        Map<String, Object> who(Caller caller) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("subject", caller.subject());
            body.put("name", caller.name());
            body.put("organisation", caller.organisation());
            body.put("seat", caller.seat().orElse(null));
            body.put("roles", caller.roles());
            body.put("grant", caller.grant().map(Object::toString).orElse(null));
            body.put("defaultPurpose", caller.defaultPurpose().orElse(null));
            return body;
        }

        @PostMapping("/api/probe")
        Map<String, Object> change(Caller caller) {
            return Map.of("changedBy", caller.subject());
        }
    }

    @RestControllerAdvice
    static class Advice {
        @ExceptionHandler
        ResponseEntity<Map<String, Object>> problem(ConurbException failure) {
            var answer = ResponseEntity.status(failure.category().status())
                    .header("Content-Type", "application/problem+json");
            failure.retryAfter().ifPresent(wait -> answer.header("Retry-After", String.valueOf(wait.toSeconds())));
            return answer.body(Map.of(
                    "type",
                    "/problems/" + failure.code(),
                    "status",
                    failure.category().status(),
                    "detail",
                    failure.detail()));
        }

        @ExceptionHandler
        ResponseEntity<Map<String, Object>> unreadable(HttpMessageNotReadableException failure) {
            return ResponseEntity.badRequest().body(Map.of("type", "/problems/json", "status", 400));
        }
    }
}
