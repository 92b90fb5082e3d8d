package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Talk over a link of so much a second, and of so much loss, in a network namespace of its own. */
class PoorLinkTest {
    private static final String LINK = """
            ip link set lo up
            tc qdisc add dev lo root tbf rate %s burst 64k latency 50ms
            nft add table inet link
            nft 'add chain inet link in { type filter hook input priority 0; }'
            nft add rule inet link in meta l4proto udp numgen random mod 100 '<' %d drop
            """;

    @BeforeAll
    static void aNamespaceCanBeMade() throws Exception {
        assumeTrue(
                run(List.of("unshare", "-n", "sh", "-ec", LINK.formatted("100mbit", 1)))
                                .code()
                        == 0,
                "no network namespace with tc and nft can be made here");
    }

    private record Ran(int code, String said) {}

    private static Ran run(List<String> command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return process.waitFor(3, TimeUnit.MINUTES) ? new Ran(process.exitValue(), said) : new Ran(-1, said);
        } catch (IOException notThere) {
            return new Ran(-1, notThere.toString());
        }
    }

    private static Map<String, Integer> talk(String rate, int lostOfHundred) throws Exception {
        String program = "exec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '%s' %s"
                .formatted(
                        ProcessHandle.current().info().command().orElseThrow(),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PoorLink.class.getName());
        Ran ran = run(List.of("unshare", "-n", "sh", "-ec", LINK.formatted(rate, lostOfHundred) + program));
        assertThat(ran.code()).as(ran.said()).isZero();
        Map<String, Integer> told = new HashMap<>();
        ran.said()
                .lines()
                .filter(line -> line.matches("\\w+ \\d+"))
                .forEach(line -> told.put(line.split(" ", 2)[0], Integer.valueOf(line.split(" ", 2)[1])));
        return told;
    }

    /** But for what a machine that is busy with other tests has no time for. */
    @Test
    void atAHundredMegabitsAllIsHeard() throws Exception {
        Map<String, Integer> told = talk("100mbit", 0);
        assertThat(told.get("routine")).isGreaterThanOrEqualTo(PoorLink.PACKETS * 98 / 100);
        assertThat(told.get("urgent")).isGreaterThanOrEqualTo(PoorLink.PACKETS * 98 / 100);
        assertThat(told).containsEntry("holders", 1);
    }

    /** A tenth is lost to the site, and a tenth of the rest from it: 81 of 100 are heard. */
    @Test
    void atFiftyMegabitsAndATenthLostTheFloorWorksAndTheRestIsHeard() throws Exception {
        Map<String, Integer> told = talk("50mbit", 10);
        assertThat(told.get("routine")).isBetween(PoorLink.PACKETS * 70 / 100, PoorLink.PACKETS * 90 / 100);
        assertThat(told.get("urgent")).isBetween(PoorLink.PACKETS * 70 / 100, PoorLink.PACKETS * 90 / 100);
        assertThat(told).containsEntry("holders", 1);
    }
}
