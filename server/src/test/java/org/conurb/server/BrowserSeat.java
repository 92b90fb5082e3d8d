package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.conurb.kernel.Json;

/** One person at a browser of their own: hands on the keyboard, eyes on the screen, and a list of what went wrong. */
final class BrowserSeat implements AutoCloseable {
    private static final Path SCREENSHOTS =
            TestSite.ROOT.resolve("server").resolve("target").resolve("screenshots");
    /** So many pixels of one colour are ground, water, street or house; fewer may be the soft edge of something. */
    private static final int AN_AREA = 40;

    final BrowserContext context;
    final Page page;
    private final TestSite site;
    private final List<String> faults = new ArrayList<>();

    private BrowserSeat(TestSite site, Look look) {
        this.site = site;
        this.context = BrowserRoom.browser()
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL(site.address().toString())
                        .setViewportSize(look.width(), look.height())
                        .setHasTouch(look.isPhone())
                        .setIsMobile(look.isPhone())
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setTimezoneId("Europe/Monaco")
                        .setLocale("en-GB"));
        context.setDefaultTimeout(BrowserRoom.PATIENCE_MS);
        context.addInitScript("""
                if (!localStorage.getItem('conurb.preferences'))
                  localStorage.setItem('conurb.preferences', '{"theme":"%s","language":"%s"}');
                addEventListener('securitypolicyviolation', (event) =>
                  console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
                """.formatted(look.theme(), look.language()));
        this.page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                faults.add("console: " + message.text() + " (" + message.location() + ")");
            }
        });
        page.onPageError(error -> faults.add("error: " + error));
    }

    /** How a screen looks. */
    record Look(String theme, String language, int width, int height) {
        static final Look USUAL = new Look("dark", "en", 1440, 900);

        Look in(String otherLanguage) {
            return new Look(theme, otherLanguage, width, height);
        }

        Look inTheme(String otherTheme) {
            return new Look(otherTheme, language, width, height);
        }

        Look sized(int otherWidth, int otherHeight) {
            return new Look(theme, language, otherWidth, otherHeight);
        }

        boolean isPhone() {
            return width < 600;
        }

        @Override
        public String toString() {
            return "%s-%s-%dx%d".formatted(theme, language, width, height);
        }
    }

    /** Before the sign-in. */
    static BrowserSeat at(TestSite site, Look look) {
        BrowserSeat seat = new BrowserSeat(site, look);
        seat.page.navigate("/");
        assertThat(seat.page.locator("input[name=username]")).isVisible();
        return seat;
    }

    /** Signed in and at work. */
    static BrowserSeat of(String username, TestSite site, Look look) {
        BrowserSeat seat = at(site, look);
        seat.signIn(username);
        return seat;
    }

    static BrowserSeat of(String username, TestSite site) {
        return of(username, site, Look.USUAL);
    }

    void signIn(String username) {
        enter(username);
        assertThat(page.locator(".operations")).isVisible();
        assertThat(page.locator(".link-state.is-live")).isAttached();
        assertThat(page.locator(".board .list-row, .board .notice").first()).isAttached();
    }

    /** Name and password by keyboard: the first field has the focus from the start. */
    void enter(String username) {
        assertThat(page.locator("input[name=username]")).isFocused();
        type(username);
        press("Tab");
        type(site.password(username));
        press("Enter");
    }

    /** By the menu: the strip that asks for a seat is not there for who had one at the last sign-out. */
    void takeSeat(String id) {
        page.locator(".account-button").click();
        page.waitForResponse(
                "**/api/session",
                () -> page.locator("[role=menuitem][data-key='seat " + id + "']")
                        .click());
        assertThat(page.locator(".menu-pop")).hasCount(0);
        assertThat(page.locator(".talk-strip.is-open .talk-card").first()).isVisible();
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    /** What has the focus, for the tests that never touch a mouse. */
    Locator focused() {
        return page.locator("*:focus");
    }

    Locator named(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name));
    }

    /** The row of the incident list that holds this text. */
    Locator row(String text) {
        return page.locator(".board [role=option]").filter(new Locator.FilterOptions().setHasText(text));
    }

    /** Goes down the incident list to the row that holds this text, and opens it. */
    void pick(String text) {
        assertThat(row(text)).isVisible();
        press("i", "Home");
        int rows = page.locator(".board [role=option]").count();
        Locator there = page.locator(".board [role=option].is-active", new Page.LocatorOptions().setHasText(text));
        for (int step = 0; step < rows && there.count() == 0; step++) {
            press("ArrowDown");
        }
        press("Enter");
        assertThat(side().locator("h2")).containsText(text);
    }

    /** The drawer at the end side. */
    Locator side() {
        return page.locator(".operations-side");
    }

    void openIncident(String id) {
        page.navigate("/?panel=incident&view=detail&incident=" + id);
        assertThat(side().locator(".detail h2")).isVisible();
        assertThat(side().locator(".timeline li").first()).isVisible();
        settle();
    }

    /** Waits until nothing moves any more and the map, where there is one, is drawn. */
    void settle() {
        TestSite.await(
                "all is still", () -> Boolean.TRUE.equals(page.evaluate("document.getAnimations().length === 0")));
        Locator map = page.locator(".city-map-legend", new Page.LocatorOptions().setHasText("©"));
        if (map.count() > 0 && map.isVisible()) {
            TestSite.await("the map", () -> {
                page.waitForTimeout(300); // looking is work for the browser too
                return mapColours() > 8;
            });
        }
    }

    /** How many colours the map has areas of: ground, water, streets, buildings, signs. */
    int mapColours() {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    page.locator(".city-map-canvas canvas").screenshot()));
            Map<Integer, Integer> pixels = new HashMap<>();
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    pixels.merge(image.getRGB(x, y), 1, Integer::sum);
                }
            }
            return (int)
                    pixels.values().stream().filter(count -> count >= AN_AREA).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kept under target/screenshots; they are looked at by people. */
    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Nothing that matters to people who cannot see, hear or point (WCAG 2.2 AA, as far as axe can tell). */
    void expectAccessible(String screen) {
        AxeRunOptions onlyFaults = new AxeRunOptions();
        onlyFaults.setResultTypes(List.of("violations"));
        List<Rule> grave = new AxeBuilder(page)
                        .options(onlyFaults)
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                        .setLegacyMode(true) // no frames here, and no page of its own for each look
                        .analyze()
                        .getViolations()
                        .stream()
                        .filter(rule -> Set.of("serious", "critical").contains(rule.getImpact()))
                        .toList();
        assertThat(grave)
                .as("axe on %s", screen)
                .extracting(rule -> rule.getId() + ": "
                        + rule.getNodes().stream()
                                .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                .toList())
                .isEmpty();
    }

    /** No name of a text stands where the text should; what is marked as not to be translated is a name on purpose. */
    void expectWords(String screen) {
        String seen = (String) page.evaluate("""
                () => {
                  const names = [...document.querySelectorAll('[translate=no]')]
                  names.forEach((one) => one.style.setProperty('display', 'none', 'important'))
                  const text = document.body.innerText
                  names.forEach((one) => one.style.removeProperty('display'))
                  const told = ['aria-label', 'placeholder', 'title']
                  return [text, ...[...document.querySelectorAll(told.map((each) => `[${each}]`).join())]
                    .flatMap((one) => told.map((each) => one.getAttribute(each) ?? ''))].join('\\n')
                }""");
        assertThat(TEXT_NAME.matcher(seen).results().map(found -> found.group()))
                .as("names of texts on %s", screen)
                .isEmpty();
        assertThat(seen).as("left-over marks on %s", screen).doesNotContain("{{", "undefined", "NaN", "[object");
    }

    private static final Pattern TEXT_NAME = textNames();

    private static Pattern textNames() {
        try {
            Path english = TestSite.ROOT.resolve("console/src/i18n/en.json");
            List<String> groups = new ArrayList<>(
                    Json.mapper().readTree(Files.readAllBytes(english)).propertyNames());
            return Pattern.compile("\\b(" + String.join("|", groups) + ")\\.[a-zA-Z]\\w*(\\.\\w+)*\\b");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is wider than the screen. */
    void expectNoSidewaysScroll(String screen) {
        // Not innerWidth: a phone makes that as wide as what it shows.
        assertThat((Integer) page.evaluate("document.scrollingElement.scrollWidth"))
                .as("the width of %s", screen)
                .isLessThanOrEqualTo(page.viewportSize().width);
    }

    void expectNoFaults() {
        expectNoFaultsBut(fault -> false);
    }

    void expectNoFaultsBut(Predicate<String> expected) {
        assertThat(faults.stream().filter(fault -> !fault.contains("favicon")).filter(expected.negate()))
                .as("errors in the browser")
                .isEmpty();
    }

    @Override
    public void close() {
        context.close();
    }
}
