package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPatternParser;

final class RoutesTest {
    private final Routes routes = new Routes();

    static final class Door {
        public void one() {}

        public void list() {}

        public void any() {}
    }

    RoutesTest() throws NoSuchMethodException {
        register("one", "/ngsi-ld/v1/entities/{id}");
        register("list", "/ngsi-ld/v1/entities");
        register("any", "/{what}/of/all", "/files/**");
    }

    private void register(String method, String... paths) throws NoSuchMethodException {
        RequestMappingInfo.BuilderConfiguration reading = new RequestMappingInfo.BuilderConfiguration();
        reading.setPatternParser(new PathPatternParser());
        routes.registerMapping(
                RequestMappingInfo.paths(paths)
                        .methods(RequestMethod.GET)
                        .options(reading)
                        .build(),
                new Door(),
                Door.class.getMethod(method));
    }

    private @Nullable String of(String path) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        ServletRequestPathUtils.parseAndCache(request);
        HandlerExecutionChain found = routes.getHandler(request);
        return found == null
                ? null
                : ((HandlerMethod) found.getHandler()).getMethod().getName();
    }

    @Test
    void pathsLeadWhereTheirPatternsSay() throws Exception {
        assertThat(of("/ngsi-ld/v1/entities")).isEqualTo("list");
        assertThat(of("/ngsi-ld/v1/entities/urn:x:1")).isEqualTo("one");
        assertThat(of("/files/a/b")).isEqualTo("any");
        assertThat(of("/files")).isEqualTo("any");
        assertThat(of("/these/of/all")).isEqualTo("any");
    }

    @Test
    void wordsAreComparedAsTheyReadWhenDecoded() throws Exception {
        assertThat(of("/ngsi%2Dld/v1/%65ntities/urn:x:1")).isEqualTo("one");
    }

    @Test
    void otherPathsLeadNowhere() throws Exception {
        assertThat(of("/")).isNull();
        assertThat(of("/ngsi-ld")).isNull();
        assertThat(of("/ngsi-ld/v2/entities")).isNull();
        assertThat(of("/ngsi-ld/v1/entities/a/b")).isNull();
        assertThat(of("//ngsi-ld/v1/entities")).isNull();
    }

    @Test
    void aPatternBeginsWithItsWords() {
        assertThat(Routes.beginning("/ngsi-ld/v1/entities/{id}")).containsExactly("ngsi-ld", "v1", "entities");
        assertThat(Routes.beginning("/files/*.txt")).containsExactly("files");
        assertThat(Routes.beginning("/{what}/of")).isEmpty();
    }
}
