package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.Test;

class SipDigestTest {
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final SipDigest digest = new SipDigest("alder", clock, new Random(1));

    private SipMessage challenged() {
        SipMessage response = SipMessage.response(SipMessage.request("REGISTER", "sip:alder"), 401, "Unauthorized");
        digest.challenge(response, false, "1001");
        return response;
    }

    private SipDigest.Outcome verify(SipMessage request) {
        return digest.verify(request, name -> name.equals("1001") ? Optional.of("secret") : Optional.empty());
    }

    @Test
    void aNonceEndsAndEachCountIsGoodOnce() throws Exception {
        try (TestPhone phone = new TestPhone(9, "1001", "secret")) {
            SipMessage challenge = challenged();
            SipMessage first = SipMessage.request("REGISTER", "sip:alder");
            first.add("authorization", phone.credentials(first, challenge));
            SipMessage second = SipMessage.request("REGISTER", "sip:alder");
            second.add("authorization", phone.credentials(second, challenge));

            assertThat(verify(first)).isEqualTo(new SipDigest.Outcome.Accepted("1001"));
            assertThat(verify(first)).isEqualTo(new SipDigest.Outcome.Refused(true));
            assertThat(verify(second)).isEqualTo(new SipDigest.Outcome.Accepted("1001"));
            SipMessage late = SipMessage.request("REGISTER", "sip:alder");
            late.add("authorization", phone.credentials(late, challenge));
            clock.advance(SipDigest.LIFE.plus(Duration.ofSeconds(1)));
            assertThat(verify(late)).isEqualTo(new SipDigest.Outcome.Refused(true));
        }
    }

    @Test
    void aNonceOfOurOwnMakingIsDemanded() throws Exception {
        try (TestPhone phone = new TestPhone(9, "1001", "secret")) {
            SipMessage request = SipMessage.request("REGISTER", "sip:alder");
            request.add("authorization", phone.credentials(request, "alder", "A".repeat(43), 1));
            assertThat(verify(request)).isEqualTo(new SipDigest.Outcome.Refused(false));
        }
    }

    @Test
    void forgettingUsedNoncesNeverMakesThemGoodAgain() throws Exception {
        try (TestPhone phone = new TestPhone(9, "1001", "secret")) {
            SipMessage first = SipMessage.request("REGISTER", "sip:alder");
            first.add("authorization", phone.credentials(first, challenged()));
            assertThat(verify(first)).isInstanceOf(SipDigest.Outcome.Accepted.class);
            for (int i = 0; i < SipDigest.MOST_USED; i++) {
                clock.advance(Duration.ofMillis(10));
                SipMessage other = SipMessage.request("REGISTER", "sip:alder");
                other.add("authorization", phone.credentials(other, challenged()));
                assertThat(verify(other)).isInstanceOf(SipDigest.Outcome.Accepted.class);
            }
            assertThat(verify(first)).isEqualTo(new SipDigest.Outcome.Refused(true));
        }
    }
}
