package org.conurb.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.conurb.server.BrowserSeat.Look;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A data officer's table becomes entities and goes again, by keyboard. */
@ExtendWith(OnceMore.class)
class ConsoleImportsTest {
    private static final String TABLE = """
            tree_no,SPECIES,height_m,planted,lat,lon,keeper
            1,Olive,4.5,12.03.2019,43.7312,7.4200,ada@example.org
            2,"Palm, royal",11,01.02.2001,43.7330,7.4221,ben@example.org
            3,Pine,tall,30.11.1987,43.7345,7.4260,cem@example.org
            4,Carob,7.25,15.06.1999,43.7361,7.4243,dia@example.org
            """;

    private static Path table() throws Exception {
        return Files.writeString(Files.createTempDirectory("conurb import ").resolve("street_trees.csv"), TABLE);
    }

    /** The dialog itself is the browser's own: what it gives back comes in by the field behind the key. */
    private static void choose(BrowserSeat seat, Path file) {
        assertThat(seat.page.locator(".imports .pane-head button")).containsText("n");
        seat.page.locator(".imports input[type=file]").setInputFiles(file);
    }

    private static Locator field(BrowserSeat seat, String label) {
        return seat.page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    @Test
    void aTableIsMappedPreviewedImportedReportedAndUndone() throws Exception {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat nadia = BrowserSeat.of("nadia.rossi", city)) {
            nadia.press("g", "i");
            assertThat(nadia.page.locator(".imports")).isVisible();
            assertThat(nadia.page.locator(".import-work .notice")).containsText("Drop a table");
            nadia.screenshot("import-empty");
            nadia.expectAccessible("imports, none yet");

            choose(nadia, table());
            Locator rows = nadia.page.locator(".preview tbody tr");
            assertThat(rows).hasCount(4);
            assertThat(field(nadia, "Type")).hasValue("StreetTrees");
            assertThat(nadia.page.locator(".preview tr.is-refused")).hasCount(0);

            // The keyboard goes from field to field: another type, a column left out, a height that is a number.
            field(nadia, "Type").focus();
            nadia.press("Control+a");
            nadia.type("StreetTree");
            nadia.press("Tab", "Control+a");
            nadia.type("urn:ngsi-ld:StreetTree:{tree_no}");
            Locator keeper = nadia.page.getByLabel("Take, keeper");
            keeper.focus();
            nadia.press("Space");
            assertThat(keeper).not().isChecked();
            field(nadia, "Attribute, SPECIES").focus();
            nadia.press("ArrowDown");
            assertThat(field(nadia, "Attribute, height_m")).isFocused();
            nadia.type("height");
            nadia.press("Tab", "Tab");
            assertThat(nadia.focused()).hasAttribute("aria-label", "Value, height_m");
            nadia.type("n");
            assertThat(nadia.page.locator(".preview tr.is-refused")).containsText("This is not a number.");
            assertThat(rows.first()).containsText("urn:ngsi-ld:StreetTree:1");
            assertThat(nadia.page.locator(".import-map canvas")).isVisible();
            nadia.settle();
            nadia.screenshot("import-mapping");
            nadia.expectAccessible("a mapping");
            nadia.expectWords("a mapping");

            // Somebody else's: the preview says that this may not be, and there is nothing to start.
            nadia.page.getByLabel("Belongs to").selectOption("police");
            assertThat(nadia.page.locator(".import-problem")).isVisible();
            assertThat(nadia.named(AriaRole.BUTTON, "Import 4")).isDisabled();
            nadia.page.getByLabel("Belongs to").selectOption("");
            assertThat(nadia.page.locator(".import-problem")).hasCount(0);
            assertThat(nadia.named(AriaRole.BUTTON, "Import 4")).isEnabled();

            nadia.named(AriaRole.BUTTON, "Import 4").focus();
            nadia.press("Enter");
            assertThat(nadia.page.locator(".import-head .state-word")).hasText("imported");
            assertThat(nadia.page.locator(".figures")).containsText("Created3");
            assertThat(nadia.page.locator(".import-editor table tbody tr")).containsText("height_m");
            nadia.screenshot("import-done");
            nadia.expectAccessible("a run that is done");
            Download report = nadia.page.waitForDownload(() -> {
                nadia.named(AriaRole.LINK, "Download as CSV").focus();
                nadia.press("Enter");
            });
            assertThat(Files.readString(report.path())).contains("3,4,\"height_m\",,\"This is not a number.\"");
            Call officer = city.asClientOf("town-hall", "data-officer");
            assertThat(officer.get("/ngsi-ld/v1/entities/urn:ngsi-ld:StreetTree:4")
                            .expect(200)
                            .json()
                            .at("/height/value")
                            .asDouble())
                    .isEqualTo(7.25);

            nadia.named(AriaRole.BUTTON, "Undo the import").focus();
            nadia.press("Enter");
            Locator dialog = nadia.page.getByRole(AriaRole.DIALOG);
            assertThat(dialog).containsText("3 entities that it made are deleted");
            nadia.screenshot("import-undo");
            nadia.expectAccessible("undoing asks first");
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Undo the import"))
                    .focus();
            nadia.press("Enter");
            assertThat(nadia.page.locator(".import-head .state-word")).hasText("undone");
            officer.get("/ngsi-ld/v1/entities/urn:ngsi-ld:StreetTree:4").expect(404);
            nadia.expectNoFaultsBut(fault -> fault.contains("403") && fault.contains("/preview"));
        }
    }

    @Test
    void aFileThatCannotBeReadAndAMappingThatIsWrongAreToldWithWhatToDo() throws Exception {
        Path file = Files.writeString(table().resolveSibling("broken.csv"), "a,b\n1,\"two\n");
        try (BrowserSeat nadia = BrowserSeat.of("nadia.rossi", BrowserRoom.busyCity())) {
            nadia.press("g", "i");
            choose(nadia, file);
            Locator told = nadia.page.locator(".import-work .notice");
            assertThat(told).containsText("quotes of the row that begins in line 2");
            assertThat(told.locator(".remedy")).isVisible();
            nadia.expectAccessible("a file that is refused");

            nadia.page.evaluate("document.activeElement.blur()");
            choose(nadia, table());
            assertThat(nadia.page.locator(".preview tbody tr")).hasCount(4);
            field(nadia, "Type").focus();
            nadia.press("Control+a");
            nadia.type("Incident");
            assertThat(nadia.page.locator(".import-problem")).containsText("Incident belongs to");
            assertThat(nadia.named(AriaRole.BUTTON, "Import 4")).isDisabled();
            nadia.expectAccessible("a mapping that is refused");
            nadia.named(AriaRole.BUTTON, "Discard the file").focus();
            nadia.press("Enter");
            assertThat(nadia.page.locator(".import-editor")).hasCount(0);
            nadia.expectNoFaultsBut(fault -> fault.contains("400") || fault.contains("409"));
        }
    }

    @Test
    void whatComesOrCannotBeHadIsToldAndWhoMayNotImportIsNotOfferedIt() {
        TestSite city = BrowserRoom.busyCity();
        try (BrowserSeat nadia = BrowserSeat.of("nadia.rossi", city)) {
            Consumer<Route> refuse = route -> route.fulfill(new Route.FulfillOptions()
                    .setStatus(400)
                    .setContentType("application/problem+json")
                    .setBody("{\"title\":\"Busy\",\"status\":400,\"detail\":\"Not now.\",\"remedy\":\"Try again.\"}"));
            nadia.page.route("**/api/hub/imports", refuse);
            nadia.press("g", "i");
            Locator failure = nadia.page.locator(".imports .operations-list .notice");
            assertThat(failure).containsText("Not now.");
            nadia.page.unroute("**/api/hub/imports", refuse);
            failure.locator("button").focus();
            nadia.press("Enter");
            assertThat(failure.getByText("Not now.")).hasCount(0);
        }
        try (BrowserSeat amara = BrowserSeat.of("amara.okafor", city)) {
            assertThat(amara.page.locator(".rail a.to-table")).hasCount(0);
            amara.page.navigate("/imports");
            assertThat(amara.page.locator(".notice")).containsText("Only data officers and administrators");
            amara.expectAccessible("imports, for those who may not");
        }
    }

    static List<Look> looks() {
        return List.of(
                Look.USUAL.in("ar"),
                Look.USUAL.in("fr").sized(1280, 720),
                Look.USUAL.in("zh").sized(390, 844),
                Look.USUAL.inTheme("light").in("es").sized(1100, 800));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void theScreenHoldsInEachLanguageThemeAndSize(Look look) throws Exception {
        TestSite city = BrowserRoom.busyCity();
        Call officer = city.asClientOf("town-hall", "data-officer").header("Idempotency-Key", "looks");
        String id = officer.send("POST", "/api/hub/imports?name=street_trees.csv", TABLE.getBytes("UTF-8"), "text/csv")
                .expect(201)
                .json()
                .path("id")
                .asString();
        try (BrowserSeat nadia = BrowserSeat.of("nadia.rossi", city, look)) {
            nadia.page.navigate("/imports?run=" + id);
            assertThat(nadia.page.locator(".preview tbody tr")).hasCount(4);
            nadia.settle();
            nadia.screenshot("import-" + look);
            nadia.expectAccessible("a mapping " + look);
            nadia.expectWords("a mapping " + look);
            nadia.expectNoSidewaysScroll("a mapping " + look);
            nadia.expectNoFaults();
        }
    }
}
