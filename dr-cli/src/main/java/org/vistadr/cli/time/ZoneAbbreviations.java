package org.vistadr.cli.time;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vistadr.cli.time.ParsedTime.Correction;
import org.vistadr.cli.time.ParsedTime.Refused;

/// Zone abbreviations are never taken: `IST` is India, Ireland and Israel, and `EST` in July names
/// an hour that nobody there lives by. The table only serves to offer what may have been meant.
final class ZoneAbbreviations {

  private static final Map<String, List<String>> MEANINGS =
      Map.ofEntries(
          Map.entry("GMT", List.of("+00:00")),
          Map.entry("WET", List.of("+00:00")),
          Map.entry("WEST", List.of("+01:00")),
          Map.entry("BST", List.of("+01:00", "+06:00")),
          Map.entry("CET", List.of("+01:00")),
          Map.entry("CEST", List.of("+02:00")),
          Map.entry("EET", List.of("+02:00")),
          Map.entry("EEST", List.of("+03:00")),
          Map.entry("MSK", List.of("+03:00")),
          Map.entry("IST", List.of("+05:30", "+01:00")),
          Map.entry("JST", List.of("+09:00")),
          Map.entry("AEST", List.of("+10:00")),
          Map.entry("AEDT", List.of("+11:00")),
          Map.entry("EST", List.of("-05:00")),
          Map.entry("EDT", List.of("-04:00")),
          Map.entry("CST", List.of("-06:00", "+08:00")),
          Map.entry("CDT", List.of("-05:00")),
          Map.entry("MST", List.of("-07:00")),
          Map.entry("MDT", List.of("-06:00")),
          Map.entry("PST", List.of("-08:00")),
          Map.entry("PDT", List.of("-07:00")));

  private ZoneAbbreviations() {}

  static Refused refuse(String text, LocalDateTime local, String suffix, ZoneId callersZone) {
    List<String> offsets = MEANINGS.getOrDefault(suffix.toUpperCase(Locale.ROOT), List.of());
    List<Correction> corrections = new ArrayList<>();
    for (String offset : offsets) {
      corrections.add(
          TimeExpression.correction(local, ZoneOffset.of(offset), suffix + " as UTC" + offset));
    }
    if (corrections.size() < 2 && !callersZone.getRules().getOffset(local).equals(ZoneOffset.UTC)) {
      corrections.add(TimeExpression.correction(local, callersZone, "in your zone"));
    }
    if (corrections.size() < 2) {
      corrections.add(TimeExpression.correction(local, ZoneOffset.UTC, "in UTC"));
    }
    return new Refused(
        "time-ambiguous",
        "'%s' at the end of '%s' is not one certain zone".formatted(suffix, text),
        "use an offset like +01:00 or a name like Europe/Paris",
        corrections);
  }
}
