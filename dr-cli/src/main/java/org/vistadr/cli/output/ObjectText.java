package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.ObjectListing;

/// Listings and histories as tables.
public final class ObjectText {

  private ObjectText() {}

  /// One page of a listing: time, size, key; folders last in their own lines.
  public static Table listing(ObjectListing page, ZoneId zone) {
    Table table = new Table("WHEN (" + Moments.name(zone) + ")", "SIZE>", "KEY");
    page.prefixes().forEach(prefix -> table.row("-", "-", prefix));
    for (ObjectListing.Item item : page.items()) {
      table.row(
          Moments.local(item.deletedAt().orElse(item.lastModified()), zone),
          Amounts.bytes(item.size()),
          item.key());
    }
    return table;
  }

  /// Every version of a key on every site, the current one marked.
  public static Table history(KeyVersions history, ZoneId zone) {
    Set<String> secondaries = new LinkedHashSet<>();
    history.versions().forEach(version -> secondaries.addAll(version.replicas().keySet()));
    List<String> headers = new ArrayList<>();
    headers.add("  WHEN (" + Moments.name(zone) + ")");
    headers.addAll(List.of("WHAT", "SIZE", "VERSION", "PRIMARY"));
    headers.addAll(secondaries);
    Table table = new Table(headers.toArray(String[]::new));
    for (KeyVersions.Item version : history.versions()) {
      boolean marker = version.kind().equals("delete-marker");
      List<String> cells = new ArrayList<>();
      cells.add((version.current() ? "* " : "  ") + Moments.local(version.at(), zone));
      cells.add(marker ? "deleted" : "version");
      cells.add(version.size().filter(_ -> !marker).map(Amounts::bytes).orElse("-"));
      cells.add(version.versionId());
      cells.add(version.atPrimary() ? (marker ? "marker" : "yes") : "gone");
      for (String secondary : secondaries) {
        cells.add(replica(Optional.ofNullable(version.replicas().get(secondary)), marker));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static String replica(Optional<String> state, boolean marker) {
    return switch (state.orElse("")) {
      case "durable" -> marker ? "marker" : "same bytes";
      case "pending" -> "not yet";
      case "" -> "-";
      default -> state.get();
    };
  }
}
