package org.conurb.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellTest {
    private final Random random = new Random(42);

    private Epsg4326Point anywhere() {
        return new Epsg4326Point(random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180);
    }

    @Test
    void aCellLiesWithinEachOfItsAncestors() {
        for (int i = 0; i < 2_000; i++) {
            Cell cell = Cell.of(anywhere());
            for (long id : cell.ancestorIds()) {
                Cell ancestor = new Cell(id);
                assertThat(cell.id()).isBetween(ancestor.min(), ancestor.max());
            }
            assertThat(cell.level()).isEqualTo(Cell.MAX_LEVEL);
        }
    }

    @Test
    void twoCellsAreNestedOrApart() {
        for (int i = 0; i < 5_000; i++) {
            Cell a = Cell.of(anywhere(), random.nextInt(Cell.MAX_LEVEL + 1));
            Cell b = Cell.of(anywhere(), random.nextInt(Cell.MAX_LEVEL + 1));
            boolean touch = a.min() <= b.max() && b.min() <= a.max();
            boolean nested = (a.min() <= b.id() && b.id() <= a.max()) || (b.min() <= a.id() && a.id() <= b.max());
            assertThat(touch).isEqualTo(nested);
        }
    }

    @Test
    void aCoveringHoldsEveryPointOfItsBoxAndIsBounded() {
        for (int i = 0; i < 2_000; i++) {
            Epsg4326Point a = anywhere();
            Epsg4326Point b = anywhere();
            Epsg4326Point southWest = new Epsg4326Point(
                    Math.min(a.latitudeDegrees(), b.latitudeDegrees()),
                    Math.min(a.longitudeDegrees(), b.longitudeDegrees()));
            double height = Math.abs(a.latitudeDegrees() - b.latitudeDegrees());
            double width = Math.abs(a.longitudeDegrees() - b.longitudeDegrees());
            List<Cell> cells = Cell.covering(
                    southWest,
                    new Epsg4326Point(southWest.latitudeDegrees() + height, southWest.longitudeDegrees() + width),
                    8);
            Cell within = Cell.of(new Epsg4326Point(
                    southWest.latitudeDegrees() + random.nextDouble() * height,
                    southWest.longitudeDegrees() + random.nextDouble() * width));

            assertThat(cells).hasSizeBetween(1, 8);
            assertThat(cells).anyMatch(cell -> cell.min() <= within.id() && within.id() <= cell.max());
        }
    }

    @Test
    void theCornersOfTheEarthHaveCells() {
        for (double latitude : new double[] {-90, 0, 90}) {
            for (double longitude : new double[] {-180, 0, 180}) {
                assertThat(Cell.of(new Epsg4326Point(latitude, longitude)).id()).isPositive();
            }
        }
    }

    @Test
    void whatIsNoCellIsRefused() {
        for (long id : new long[] {0, -1, 2, Long.MAX_VALUE, 1L << 61}) {
            assertThatThrownBy(() -> new Cell(id)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
