package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnceMore.class)
class ConsolePasskeyTest {
    @Test
    void aPersonAddsAPasskeySignsOutAndSignsInWithIt() {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat ines = BrowserSeat.at(city, BrowserSeat.Look.USUAL)) {
            plugInAuthenticator(ines);
            ines.signIn("ines.ortega");
            choose(ines, "Add a passkey (");
            assertThat(ines.page.locator(".toast")).containsText("Passkey added");
            signOut(ines);

            signInWithIt(ines);
            assertThat(ines.page.locator(".operations")).isVisible();
            ines.page.locator(".account-button").focus();
            ines.press("Enter");
            assertThat(ines.page.getByRole(AriaRole.MENU)).containsText("ines.ortega");
            assertThat(ines.page.getByRole(AriaRole.MENU))
                    .containsText(Pattern.compile("Add a passkey \\([1-9]\\d* registered\\)"));
            ines.screenshot("account-menu");
            // What was being asked for while the session ended is refused, as it must be.
            ines.expectNoFaultsBut(fault -> fault.contains("status of 401"));
        }
    }

    private static void signOut(BrowserSeat seat) {
        until(seat, "sign-out", passkeyButton(seat), () -> choose(seat, "Sign out"));
    }

    private static void signInWithIt(BrowserSeat seat) {
        until(seat, "passkey", seat.page.locator(".operations"), () -> enter(seat, passkeyButton(seat)));
    }

    private static void choose(BrowserSeat seat, String item) {
        Locator button = seat.page.locator(".account-button");
        until(seat, "menu", seat.page.getByRole(AriaRole.MENU), () -> enter(seat, button));
        enter(seat, seat.named(AriaRole.MENUITEM, item));
    }

    private static Locator passkeyButton(BrowserSeat seat) {
        return seat.named(AriaRole.BUTTON, "Sign in with a passkey");
    }

    private static void enter(BrowserSeat seat, Locator key) {
        key.focus();
        seat.press("Enter");
    }

    /** What is drawn anew while the session is read again may lose a key: then it is pressed again, as people do. */
    private static void until(BrowserSeat seat, String name, Locator there, Runnable press) {
        for (int attempt = 0; attempt < 3 && !there.isVisible(); attempt++) {
            press.run();
            try {
                there.waitFor(new Locator.WaitForOptions().setTimeout(10_000));
            } catch (TimeoutError keyWasLost) {
                seat.screenshot(name + "-" + attempt);
            }
        }
    }

    private static void plugInAuthenticator(BrowserSeat seat) {
        CDPSession browser = seat.context.newCDPSession(seat.page);
        browser.send("WebAuthn.enable");
        JsonObject options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        JsonObject wanted = new JsonObject();
        wanted.add("options", options);
        browser.send("WebAuthn.addVirtualAuthenticator", wanted);
    }
}
