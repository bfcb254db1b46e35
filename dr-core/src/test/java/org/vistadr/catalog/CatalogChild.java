package org.vistadr.catalog;

import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.START;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vistadr.model.Regime;

/// A process that works on a catalog and prints what was acknowledged, until it is killed.
///
/// Lines: `recorded <key>`, `durable <version id>`, `complete <scan>`.
final class CatalogChild {

  private CatalogChild() {}

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    String name = arguments[1];
    try (Catalog catalog = CatalogFixture.open(directory, B2)) {
      long scan = 0;
      for (int round = 0; ; round++) {
        // Seldom, because a complete scan brings to the disk whatever was written before it.
        if (round % 40 == 0) {
          scan = catalog.scans().begin(START.plusSeconds(round), Regime.VERSIONED).number();
        }
        List<KeyChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          changes.add(
              CatalogFixture.append(
                  "%s/%d/%d".formatted(name, round, i), CatalogFixture.content(0, i)));
        }
        catalog.versions().record(scan, java.util.Optional.empty(), changes, Long.MAX_VALUE);
        StringBuilder lines = new StringBuilder();
        changes.forEach(change -> lines.append("recorded ").append(change.key()).append('\n'));
        say(lines.toString());
        List<Long> due =
            catalog.queue().due(B2, 0, START, 15).stream().map(row -> row.version().id()).toList();
        catalog.queue().settle(B2, due.stream().map(CatalogFixture::durable).toList());
        lines.setLength(0);
        due.forEach(id -> lines.append("durable ").append(id).append('\n'));
        say(lines.toString());
        if (round % 40 == 39) {
          catalog.scans().complete(scan, START, 0, 0);
          say("complete " + scan + "\n");
        }
      }
    }
  }

  private static void say(String lines) {
    System.out.print(lines);
    System.out.flush();
  }
}
