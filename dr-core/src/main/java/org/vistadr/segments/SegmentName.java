package org.vistadr.segments;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vistadr.model.ObjectKey;

/// The key of a segment:
/// `.vistadr/catalog/<generation>-<count>-<chance>/<number>-<first>[-end].seg`. The folder is its
/// chain; chains of one secondary are ordered by their names. A *group* of segments tells one state
/// of the catalog; `first` is the number of the group's first segment, and the last one says `end`:
/// the listing alone tells which groups are whole. Pure.
///
/// @param chain the folder's name
/// @param number of the segment in its chain, from 1
/// @param first number of the first segment of its group
/// @param end whether the group ends with it
record SegmentName(String chain, long number, long first, boolean end) {

  static final String FOLDER = ObjectKey.RESERVED_PREFIX + "catalog/";

  private static final Pattern CHAIN = Pattern.compile("([0-9]{12})-([0-9]{6})-[0-9a-f]{8}");
  private static final Pattern KEY =
      Pattern.compile(
          Pattern.quote(FOLDER)
              + "([0-9]{12}-[0-9]{6}-[0-9a-f]{8})/([0-9]{10})-([0-9]{10})(-end)?\\.seg");

  /// Reads a key; empty for one of another shape.
  static Optional<SegmentName> parse(ObjectKey key) {
    Matcher matcher = KEY.matcher(key.value());
    return matcher.matches()
        ? Optional.of(
            new SegmentName(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                matcher.group(4) != null))
        : Optional.empty();
  }

  ObjectKey key() {
    return new ObjectKey(
        "%s%s/%010d-%010d%s.seg".formatted(FOLDER, chain, number, first, end ? "-end" : ""));
  }

  /// The prefix of all segments of a chain.
  static String prefix(String chain) {
    return FOLDER + chain + "/";
  }

  /// The name of a chain.
  ///
  /// @param generation of the catalog when it begins
  /// @param count grows with each chain of a secondary
  /// @param chance tells chains of catalogs apart that do not know each other
  static String chain(long generation, long count, int chance) {
    return "%012d-%06d-%08x".formatted(generation, count, chance);
  }

  static boolean isChain(String name) {
    return CHAIN.matcher(name).matches();
  }

  /// The generation that a chain began with.
  static long generationOf(String chain) {
    return Long.parseLong(chain.substring(0, 12));
  }

  static long countOf(String chain) {
    return Long.parseLong(chain.substring(13, 19));
  }
}
