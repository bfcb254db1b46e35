package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vistadr.api.AmbiguousKey;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.ObjectListing;

/// Listings and histories as tables.
public final class ObjectText {

  private static final int SHORT_ID = 8;

  private ObjectText() {}

  /// One page of a listing: time, size, key; folders first. Behind an ambiguous key its other
  /// outcome has a line of its own.
  public static Table listing(ObjectListing page, ZoneId zone) {
    Table table = new Table("WHEN (" + Moments.name(zone) + ")", "SIZE>", "KEY");
    page.prefixes().forEach(prefix -> table.row("-", "-", prefix));
    Map<String, AmbiguousKey> ambiguous = new LinkedHashMap<>();
    page.ambiguous().forEach(key -> ambiguous.put(key.key(), key));
    for (ObjectListing.Item item : page.items()) {
      table.row(
          Moments.local(item.deletedAt().orElse(item.lastModified()), zone),
          Amounts.bytes(item.size()),
          item.key());
      Optional.ofNullable(ambiguous.remove(item.key()))
          .ifPresent(doubt -> otherOutcome(table, doubt, zone));
    }
    for (AmbiguousKey doubt : ambiguous.values()) {
      table.row(when(doubt.outcomes().getFirst(), zone), "-", doubt.key());
      otherOutcome(table, doubt, zone);
    }
    return table;
  }

  private static void otherOutcome(Table table, AmbiguousKey doubt, ZoneId zone) {
    table.row(
        "or " + when(doubt.outcomes().getLast(), zone),
        size(doubt),
        "%s (%s)".formatted(doubt.key(), doubt.reason()));
  }

  /// When an outcome was written, or why it has no time.
  static String when(AmbiguousKey.Outcome outcome, ZoneId zone) {
    return outcome
        .lastModified()
        .map(at -> Moments.local(at, zone))
        .orElse(outcome.state().equals("unseen") ? "never seen" : "nothing");
  }

  /// The size of the other outcome.
  static String size(AmbiguousKey doubt) {
    return doubt.outcomes().getLast().size().map(Amounts::bytes).orElse("-");
  }

  /// Every version of a key, the current one marked, with a column for each site, by name. What the
  /// primary has is named by the beginning of its id, which `get --version` takes.
  ///
  /// @param wholeIds whether ids are written in full
  public static Table history(KeyVersions history, ZoneId zone, boolean wholeIds) {
    Set<String> secondaries = new TreeSet<>();
    history.versions().forEach(version -> secondaries.addAll(version.replicas().keySet()));
    List<String> headers = new ArrayList<>();
    headers.add("  WHEN (" + Moments.name(zone) + ")");
    headers.addAll(List.of("WHAT", "SIZE", "PRIMARY"));
    headers.addAll(secondaries);
    Table table = new Table(headers.toArray(String[]::new));
    for (KeyVersions.Item version : history.versions()) {
      boolean marker = version.kind().equals("delete-marker");
      List<String> cells = new ArrayList<>();
      cells.add((version.current() ? "* " : "  ") + Moments.local(version.at(), zone));
      cells.add(what(version, marker));
      cells.add(version.size().filter(_ -> !marker).map(Amounts::bytes).orElse("-"));
      cells.add(primary(version, marker, wholeIds));
      for (String secondary : secondaries) {
        cells.add(
            Optional.ofNullable(version.notes().get(secondary))
                    .orElseGet(() ->
                        replica(Optional.ofNullable(version.replicas().get(secondary)), marker))
                + Optional.ofNullable(version.locks().get(secondary))
                    .map(lock -> ", " + lock(lock, zone))
                    .orElse(""));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static String what(KeyVersions.Item version, boolean marker) {
    boolean inferred = version.origin().equals("inferred");
    if (marker) {
      return inferred ? "vanished" : "deleted";
    }
    return inferred ? "shows again" : "version";
  }

  private static String primary(KeyVersions.Item version, boolean marker, boolean wholeIds) {
    if (version.origin().equals("inferred")) {
      return "-";
    }
    String id = version.versionId();
    String shown = wholeIds || id.length() <= SHORT_ID + 2 ? id : id.substring(0, SHORT_ID) + "…";
    if (marker && !wholeIds) {
      return version.atPrimary() ? "marker" : "gone";
    }
    return version.atPrimary() ? shown : "gone, was " + shown;
  }

  private static String lock(KeyVersions.Lock lock, ZoneId zone) {
    if (lock.problem().isPresent()) {
      return "lock unknown: " + lock.problem().get();
    }
    String retention =
        lock.until()
            .map(until ->
                "%s until %s".formatted(lock.mode().orElse("locked"), Moments.local(until, zone)))
            .orElse("not locked");
    return lock.legalHold() ? retention + ", legal hold" : retention;
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
