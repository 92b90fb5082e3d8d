package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.talk.FloorMessage.Ack;
import org.conurb.talk.FloorMessage.Deny;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.QueuePositionInfo;
import org.conurb.talk.FloorMessage.QueuePositionRequest;
import org.conurb.talk.FloorMessage.Release;
import org.conurb.talk.FloorMessage.ReleaseMultiTalker;
import org.conurb.talk.FloorMessage.Request;
import org.conurb.talk.FloorMessage.Revoke;
import org.conurb.talk.FloorMessage.Taken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others read in our packets: Wireshark's dissector, which is not ours, has to understand each as it was meant. */
class TsharkTest {
    private static final int PORT = 40_000;
    private static final int RAW_IP = 101;
    private static final List<String> FIELDS = List.of(
            "_ws.col.Info",
            "_ws.malformed",
            "_ws.expert.message",
            "rtcp.app.subtype",
            "rtcp.ssrc.identifier",
            "rtcp.app_data.mcptt.priority",
            "rtcp.app_data.mcptt.duration",
            "rtcp.app_data.mcptt.floor_ind",
            "rtcp.mcptt.granted_partys_id",
            "rtcp.app_data.mcptt.user_id",
            "rtcp.mcptt.func_alias",
            "rtcp.app_data.mcptt.perm_to_req_floor",
            "rtcp.app_data.mcptt.msg_seq_num",
            "rtcp.app_data.mcptt.rtcp",
            "rtcp.app_data.mcptt.rej_cause", // of a denial that asks for an acknowledgement
            "rtcp.app_data.mcptt.rej_cause.floor_deny",
            "rtcp.app_data.mcptt.rej_cause.floor_revoke",
            "rtcp.mcptt.rej_phrase",
            "rtcp.app_data.mcptt.queue_pos_inf",
            "rtcp.app_data.mcptt.queue_pri_lev",
            "rtcp.app_data.mcptt.source",
            "rtcp.app_data.mcptt.msg_type");

    /** One packet as tshark tells it: texts by field, several of one field with {@code ;} between. */
    private record Seen(List<String> values) {
        String of(String field) {
            return values.get(FIELDS.indexOf(field));
        }

        String mcptt(String field) {
            return of("rtcp.app_data.mcptt." + field);
        }
    }

    @Test
    void wiresharkReadsEveryMessageAsItWasMeant(@TempDir Path folder) throws Exception {
        List<FloorPacket> samples = FloorPacketsTest.samples();
        List<Seen> seen =
                dissect(folder, samples.stream().map(FloorPacketsTest::bytes).toList());
        assertThat(seen).hasSameSizeAs(samples);
        for (int i = 0; i < samples.size(); i++) {
            compare(samples.get(i), seen.get(i));
        }
    }

    /** The judge is seen to judge. */
    @Test
    void wiresharkSeesWhatIsWrong(@TempDir Path folder) throws Exception {
        byte[] bytes = FloorPacketsTest.bytes(FloorPacketsTest.samples().getFirst());
        byte[] unknown = bytes.clone();
        unknown[12] = 99;
        byte[] longer = bytes.clone();
        longer[13] = 120;
        List<Seen> seen = dissect(folder, List.of(unknown, longer));
        assertThat(seen.get(0).of("_ws.expert.message")).isNotEmpty();
        assertThat(seen.get(1).of("_ws.expert.message") + seen.get(1).of("_ws.malformed"))
                .isNotEmpty();
    }

    private static void compare(FloorPacket packet, Seen seen) {
        String what = packet.toString();
        assertThat(seen.of("_ws.malformed")).as(what).isEmpty();
        assertThat(seen.of("_ws.expert.message")).as(what).isEmpty();
        assertThat(seen.of("rtcp.app.subtype")).as(what).isEqualTo(String.valueOf(packet.subtype()));
        assertThat(seen.of("rtcp.ssrc.identifier")).as(what).isEqualTo("0x%08x".formatted(packet.ssrc()));
        assertThat(seen.of("_ws.col.Info"))
                .as(what)
                .contains(name(packet.message()) + (packet.ackWanted() ? "(ack req)" : ""));
        switch (packet.message()) {
            case Request it -> {
                assertThat(seen.mcptt("priority")).isEqualTo(String.valueOf(it.priority()));
                assertThat(seen.mcptt("user_id")).isEqualTo(text(it.userId()));
                assertThat(seen.of("rtcp.mcptt.func_alias")).isEqualTo(text(it.functionalAlias()));
                indicator(seen, it.indicator());
            }
            case Granted it -> {
                long seconds = it.talkFor().toSeconds();
                assertThat(seen.mcptt("duration")).isEqualTo(seconds == 0 ? "" : String.valueOf(seconds));
                assertThat(seen.mcptt("priority")).isEqualTo(String.valueOf(it.priority()));
                assertThat(seen.mcptt("rtcp")).isEqualTo(ssrc(it.ssrc()));
                indicator(seen, it.indicator());
            }
            case Taken it -> {
                String ids = String.join(
                        ";", it.parties().stream().map(GrantedParty::mcpttId).toList());
                boolean one = it.parties().size() == 1;
                assertThat(seen.of("rtcp.mcptt.granted_partys_id")).isEqualTo(one ? ids : "");
                assertThat(seen.mcptt("user_id")).isEqualTo(one ? "" : ids);
                assertThat(seen.of("rtcp.mcptt.func_alias"))
                        .isEqualTo(String.join(
                                ";",
                                it.parties().stream()
                                        .filter(party -> !one || party.functionalAlias() != null)
                                        .map(party -> text(party.functionalAlias()))
                                        .toList()));
                assertThat(seen.mcptt("perm_to_req_floor")).isEqualTo(it.mayRequest() ? "1" : "0");
                assertThat(seen.mcptt("msg_seq_num")).isEqualTo(String.valueOf(it.sequence()));
                assertThat(seen.mcptt("rtcp")).isEqualTo(ssrc(it.ssrc()));
                indicator(seen, it.indicator());
            }
            case Deny it -> {
                assertThat(seen.mcptt("rej_cause.floor_deny") + seen.mcptt("rej_cause"))
                        .isEqualTo(String.valueOf(it.cause().code()));
                assertThat(seen.of("rtcp.mcptt.rej_phrase")).isEqualTo(it.phrase());
                indicator(seen, it.indicator());
            }
            case Release it -> {
                assertThat(seen.mcptt("user_id")).isEqualTo(text(it.userId()));
                indicator(seen, it.indicator());
            }
            case Idle it -> {
                assertThat(seen.mcptt("msg_seq_num")).isEqualTo(String.valueOf(it.sequence()));
                indicator(seen, it.indicator());
            }
            case Revoke it -> {
                assertThat(seen.mcptt("rej_cause.floor_revoke"))
                        .isEqualTo(String.valueOf(it.cause().code()));
                assertThat(seen.of("rtcp.mcptt.rej_phrase")).isEqualTo(it.phrase());
                indicator(seen, it.indicator());
            }
            case QueuePositionRequest it -> assertThat(seen.mcptt("user_id")).isEqualTo(text(it.userId()));
            case QueuePositionInfo it -> {
                assertThat(seen.mcptt("queue_pos_inf")).isEqualTo(String.valueOf(it.position()));
                assertThat(seen.mcptt("queue_pri_lev")).isEqualTo(String.valueOf(it.priority()));
                indicator(seen, it.indicator());
            }
            case Ack it -> {
                assertThat(seen.mcptt("source"))
                        .isEqualTo(String.valueOf(it.source().code()));
                assertThat(seen.mcptt("msg_type")).isEqualTo(String.valueOf(it.acknowledged()));
            }
            case ReleaseMultiTalker it -> {
                assertThat(seen.mcptt("user_id")).isEqualTo(it.party().mcpttId());
                assertThat(seen.of("rtcp.mcptt.func_alias"))
                        .isEqualTo(text(it.party().functionalAlias()));
                indicator(seen, it.indicator());
            }
        }
    }

    private static void indicator(Seen seen, FloorIndicator indicator) {
        assertThat(Integer.decode(seen.mcptt("floor_ind"))).isEqualTo(indicator.bits());
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static String ssrc(int ssrc) {
        return ssrc == 0 ? "" : Integer.toUnsignedString(ssrc);
    }

    private static String name(FloorMessage message) {
        return switch (message) {
            case Request it -> "Floor Request";
            case Granted it -> "Floor Granted";
            case Taken it -> "Floor Taken";
            case Deny it -> "Floor Deny";
            case Release it -> "Floor Release";
            case Idle it -> "Floor Idle";
            case Revoke it -> "Floor Revoke";
            case QueuePositionRequest it -> "Floor Queue Position Request";
            case QueuePositionInfo it -> "Floor Queue Position Info";
            case Ack it -> "Floor Ack";
            case ReleaseMultiTalker it -> "Floor Release Multi Talker";
        };
    }

    // ---- tshark

    private static List<Seen> dissect(Path folder, List<byte[]> payloads) throws Exception {
        assumeTrue(isThere(), "There is no tshark on this machine; apt-get install tshark");
        Path capture = Files.write(folder.resolve("floor.pcap"), pcap(payloads));
        List<String> command = new ArrayList<>(List.of(
                "tshark",
                "-n",
                "-r",
                capture.toString(),
                "-d",
                "udp.port==" + PORT + ",rtcp",
                "-T",
                "fields",
                "-E",
                "separator=/t",
                "-E",
                "aggregator=;"));
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return told.lines().map(line -> new Seen(List.of(line.split("\t", -1)))).toList();
    }

    private static boolean isThere() {
        return Stream.of("/usr/bin/tshark", "/usr/local/bin/tshark", "/opt/homebrew/bin/tshark")
                .map(Path::of)
                .anyMatch(Files::isExecutable);
    }

    /** A capture of bare IP packets, one a millisecond. */
    private static byte[] pcap(List<byte[]> payloads) {
        int size = 24 + payloads.stream().mapToInt(one -> 16 + 28 + one.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65_535)
                .putInt(RAW_IP);
        for (int i = 0; i < payloads.size(); i++) {
            byte[] payload = payloads.get(i);
            int length = 28 + payload.length;
            out.putInt(1).putInt(i * 1_000).putInt(length).putInt(length);
            // IPv4 and UDP from and to the port on loopback; checksums of 0 are not looked at
            out.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
            out.put((byte) 64)
                    .put((byte) 17)
                    .putShort((short) 0)
                    .putInt(0x7f000001)
                    .putInt(0x7f000001);
            out.putShort((short) PORT)
                    .putShort((short) PORT)
                    .putShort((short) (8 + payload.length))
                    .putShort((short) 0);
            out.put(payload);
        }
        return out.array();
    }
}
