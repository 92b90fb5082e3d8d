package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

final class AnswerTypeTest {
    private static AnswerType of(String... accept) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        for (String one : accept) {
            request.addHeader("Accept", one);
        }
        return AnswerType.of(request, AnswerType.values());
    }

    @Test
    void theFirstOfTheListIsTakenUnlessWeightsSayOtherwise() {
        assertThat(of()).isEqualTo(AnswerType.JSON);
        assertThat(of("*/*")).isEqualTo(AnswerType.JSON);
        assertThat(of("application/ld+json, application/json")).isEqualTo(AnswerType.JSON);
        assertThat(of("application/geo+json", "application/json")).isEqualTo(AnswerType.JSON);
        assertThat(of("application/json;q=0.1, application/ld+json;q=0.9")).isEqualTo(AnswerType.LINKED);
        assertThat(of("application/ld+json")).isEqualTo(AnswerType.LINKED);
        assertThat(of("Application/Geo+JSON; q=0.5")).isEqualTo(AnswerType.GEO);
        assertThat(of("application/json;q=0, */*")).isEqualTo(AnswerType.LINKED);
        assertThat(of("*/*;q=0.9, application/ld+json;q=0.8")).isEqualTo(AnswerType.JSON);
        assertThat(of("application/ld+json;q=notanumber")).isEqualTo(AnswerType.LINKED);
        assertThat(of("text/html, application/*;q=0.8")).isEqualTo(AnswerType.JSON);
    }

    @Test
    void whatAcceptsNothingOfItIsRefused() {
        for (String accept : new String[] {"application/xml", "application/json;q=0", "text/*", "x".repeat(10_000)}) {
            assertThatThrownBy(() -> of(accept))
                    .isInstanceOfSatisfying(
                            NgsiLdFault.class,
                            fault -> assertThat(fault.category().status()).isEqualTo(406));
        }
    }
}
