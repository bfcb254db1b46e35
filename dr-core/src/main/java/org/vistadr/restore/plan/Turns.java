package org.vistadr.restore.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner;

/// In which order the items of a restore are carried out. Pure.
final class Turns {

  /// Of an item that writes nothing: behind all others, so that nobody has to read past it.
  static final long NONE = Long.MAX_VALUE;

  /// Below this many bits a turn tells of time, above of the prefix.
  private static final int TIME_BITS = 40;

  private static final long LATEST = (1L << TIME_BITS) - 1;

  private Turns() {}

  /// The turn of a key. What starts with a first prefix comes before everything else, by the order
  /// of these prefixes; what starts with a last one comes after. The longest prefix counts. Within
  /// each of these, what was written last comes first when the newest is to come first.
  ///
  /// @param written when the content that comes back was written
  static long of(RestoreManner manner, ObjectKey key, Optional<Instant> written) {
    long order =
        manner.newestFirst()
            ? LATEST - written.map(at -> Math.clamp(at.getEpochSecond(), 0L, LATEST)).orElse(0L)
            : 0;
    return (group(manner, key.value()) << TIME_BITS) + order;
  }

  private static long group(RestoreManner manner, String key) {
    var first = longest(manner.first(), key);
    var last = longest(manner.last(), key);
    if (first.length() > 0 && first.length() >= last.length()) {
      return manner.first().indexOf(first);
    }
    int rest = manner.first().size();
    return last.isEmpty() ? rest : rest + 1L + manner.last().indexOf(last);
  }

  /// The longest prefix of the key among these; empty when there is none.
  private static String longest(List<String> prefixes, String key) {
    var longest = "";
    for (var prefix : prefixes) {
      if (prefix.length() > longest.length() && key.startsWith(prefix)) {
        longest = prefix;
      }
    }
    return longest;
  }
}
