package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What stands on the screen while something comes, and where it cannot be had. */
@ExtendWith(OnceMore.class)
class ConsoleStatesTest {
    private static final Pattern LISTS =
            Pattern.compile(".*/api/(incidents\\?state=open|warnings\\?state=active|system|video/cameras).*");

    /** The console tries a few times by itself before it tells. */
    private static final LocatorAssertions.ContainsTextOptions AFTER_ITS_OWN_TRIES =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

    @Test
    void whileSomethingComesItsPlaceIsHeldAndNothingJumps() {
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", BrowserRoom.busyCity())) {
            List<Route> held = new ArrayList<>();
            Consumer<Route> hold = held::add;
            amara.page.route(LISTS, hold);
            amara.page.reload();
            Locator coming = amara.page.locator(".board .skeleton");
            assertThat(coming).isVisible();
            assertThat(coming).hasAttribute("aria-label", "Loading…");
            amara.screenshot("state-loading");
            amara.expectAccessible("a board that loads");

            amara.page.unroute(LISTS, hold);
            held.forEach(Route::resume);
            assertThat(amara.page.locator(".board [role=option]").first()).isVisible();
            assertThat(coming).hasCount(0);
            amara.expectNoFaults();
        }
    }

    @Test
    void whatCannotBeHadIsToldWithTheRemedyAndATryThatWorks() {
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", BrowserRoom.busyCity())) {
            Consumer<Route> refuse = route -> route.fulfill(new Route.FulfillOptions()
                    .setStatus(503)
                    .setContentType("application/problem+json")
                    .setBody("""
                            {"type":"/problems/database-busy","title":"Busy","status":503,
                             "detail":"The database is busy.","remedy":"Try again in a moment."}"""));
            amara.page.route(LISTS, refuse);
            amara.page.reload();
            Locator failure = amara.page.locator(".board .notice");
            assertThat(failure).containsText("The database is busy.", AFTER_ITS_OWN_TRIES);
            assertThat(failure.locator(".remedy")).containsText("Try again in a moment.");
            amara.screenshot("state-error");
            amara.expectAccessible("a board that cannot be had");
            amara.press("w");
            assertThat(amara.side().locator(".notice")).containsText("The database is busy.", AFTER_ITS_OWN_TRIES);

            amara.page.unroute(LISTS, refuse);
            failure.locator("button").click();
            assertThat(amara.page.locator(".board [role=option]").first()).isVisible();
            assertThat(failure).hasCount(0);
            amara.side().locator(".notice button").click();
            assertThat(amara.side().locator("[role=option]").first()).isVisible();
            amara.expectNoFaultsBut(fault -> fault.contains("503"));
        }
    }
}
