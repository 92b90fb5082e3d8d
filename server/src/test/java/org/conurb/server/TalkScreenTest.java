package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two dispatchers at the talk screen: what is written, what was said, and when one is silent. */
class TalkScreenTest {
    private static final String NO_MESSAGES = "{\"items\":[]}";

    private TestSite city;
    private String incident;
    private String group;
    private BrowserRadio amara;
    private BrowserRadio luc;

    @BeforeEach
    void begin() {
        city = BrowserRoom.busyCity();
        incident = BrowserRadio.incident(city, "fire.smoke", "E22");
        group = BrowserRadio.group(city, incident);
        amara = BrowserRadio.at(city, "amara.okafor", "dispatch-1");
        luc = BrowserRadio.at(city, "luc.moreau", "dispatch-2");
        for (BrowserRadio radio : List.of(amara, luc)) {
            radio.choose(group);
        }
    }

    @AfterEach
    void end() {
        amara.close();
        luc.close();
        BrowserRadio.close(city, incident);
    }

    @Test
    void whatIsWrittenStandsAtTheOtherAtOnceAndItsSenderSeesItRead() {
        goTalk(amara);
        // What this seat is shown can then only have come over the radio's own line.
        luc.page.route(
                "**/api/talk/messages?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(NO_MESSAGES)));

        amara.seat.press("t");
        amara.seat.type("Water from the hydrant at the square");
        amara.page.locator(".composer select").selectOption("4");
        amara.seat.press("Enter");
        assertThat(amara.page.locator(".message.is-mine")).containsText("Water from the hydrant");
        assertThat(amara.page.locator(".message.is-mine .ticks.is-delivered")).isVisible();

        goTalk(luc);
        Locator first = luc.page.locator(".message").first();
        assertThat(first).containsText("Dispatch 1");
        assertThat(first).containsText("Water from the hydrant at the square");
        assertThat(first.locator(".chip")).containsText("4 · ");
        assertThat(amara.page.locator(".message.is-mine .ticks.is-read")).isVisible();

        luc.page.setInputFiles(
                ".composer input[type=file]", new FilePayload("facade.png", "image/png", picture(2400, 1600)));
        luc.page.locator(".composer button[type=submit]").click();
        Locator picture = amara.page.locator(".message:not(.is-mine) img.message-picture");
        assertThat(picture).isVisible();
        TestSite.await(
                "the picture, made smaller",
                () -> picture.evaluate("(one) => one.naturalWidth").equals(1920));
        assertThat(luc.page.locator(".message.is-mine .ticks.is-read")).isVisible();
        amara.seat.screenshot("talk-messages");
        amara.seat.expectAccessible("messages");
        amara.seat.expectNoFaults();
        luc.seat.expectNoFaults();
    }

    @Test
    void whatWasSaidIsListedPlayedAndOnTheTimelineOfItsIncident() {
        goTalk(luc);
        amara.switchOn();
        luc.switchOn();
        amara.page.keyboard().down("F8");
        luc.expectTone("live");
        luc.expectTone("long enough to be heard again");
        luc.expectTone("and longer");
        amara.page.keyboard().up("F8");
        assertThat(luc.page.locator(".talk-card.is-heard")).hasCount(0);

        Locator said = luc.page.locator(".talk-detail .spurt");
        assertThat(said).containsText("Dispatch 1");
        assertThat(luc.seat.named(AriaRole.BUTTON, "Replay the last talk")).isVisible();
        luc.seat.press("F9");
        luc.expectTone("again by the key");
        assertThat(luc.page.locator(".talk-detail .spurt.is-playing")).hasCount(0);
        said.locator(".spurt-play").click();
        assertThat(said.locator(".waveform path.is-ahead")).hasAttribute("d", Pattern.compile("M.+v.+M"));
        luc.seat.screenshot("talk-replay");
        luc.seat.openIncident(incident);
        assertThat(luc.seat.side().locator(".timeline .spurt")).containsText("Dispatch 1");
        luc.seat.screenshot("talk-timeline");
        amara.seat.expectNoFaults();
        luc.seat.expectNoFaults();
    }

    @Test
    void aGroupIsAsLoudAsItsListenerWantsAndNobodyTalksWithoutHoldingTheButton() {
        goTalk(luc);
        amara.switchOn();
        luc.switchOn();
        Locator row = luc.page.locator(".group-row.is-selected");
        row.locator("input[type=range]").fill("40");
        amara.page.keyboard().down("F8");
        luc.expectTone("soft");
        assertThat(luc.page.evaluate("window.ears.map((one) => one.volume)").toString())
                .contains("0.4");
        row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Mute " + group))
                .click();
        TestSite.await("silence", () -> luc.tone() == 0);
        assertThat(luc.page.locator(".talk-card.is-selected")).containsText("not heard now");
        row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Hear " + group))
                .click();
        luc.expectTone("heard again in mid-talk");

        amara.page.evaluate("dispatchEvent(new Event('blur'))");
        silent("the window loses the focus");
        amara.page.keyboard().up("F8");
        for (String event : List.of("pagehide", "offline")) {
            talk();
            amara.page.evaluate("(event) => dispatchEvent(new Event(event))", event);
            silent(event);
            amara.page.keyboard().up("F8");
        }
        talk();
        amara.cut();
        silent("the line is lost");
        assertThat(amara.page.locator(".talk-strip.is-open")).isVisible();
        assertThat(amara.speaks()).as("held on over the loss").isFalse();
        amara.page.keyboard().up("F8");
        talk();
        amara.page.keyboard().up("F8");
        silent("it is let go");
        amara.seat.expectNoFaults();
        luc.seat.expectNoFaults();
    }

    private void talk() {
        amara.page.keyboard().down("F8");
        assertThat(luc.page.locator(".talk-card.is-heard"))
                .containsText("Dispatch 1", new ContainsTextOptions().setTimeout(BrowserRoom.PATIENCE_MS));
        assertThat(amara.speaks()).isTrue();
    }

    private void silent(String why) {
        assertThat(luc.page.locator(".talk-card.is-heard")).hasCount(0);
        assertThat(amara.speaks()).as(why).isFalse();
    }

    private void goTalk(BrowserRadio radio) {
        radio.seat.press("g", "t");
        assertThat(radio.page.locator(".talk-detail h2")).hasText(group);
    }

    static byte[] picture(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.DARK_GRAY));
        pen.fillRect(0, 0, width, height);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
