package org.vistadr.restore.source;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.TimeSpan;
import org.vistadr.storage.ArchiveClass;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.ThawState;

/// Decides about objects in archives. Pure.
public final class ThawRule {

  private ThawRule() {}

  /// What is to be done with an object now.
  public enum Move {
    /// It can be read.
    READ,
    /// Ask for it: nobody did, or it is about to freeze over.
    ASK,
    /// Look again later.
    WAIT
  }

  /// @param archived whether its class is an archive
  /// @param thaw how far it has thawed
  /// @param margin how long before it freezes over it is asked for again
  public static Move next(boolean archived, ThawState thaw, Instant now, Duration margin) {
    if (!archived) {
      return Move.READ;
    }
    return switch (thaw) {
      case ThawState.NotThawed() -> Move.ASK;
      case ThawState.Ongoing() -> Move.WAIT;
      case ThawState.Thawed(var until) ->
          now.isBefore(askAgain(until, margin)) ? Move.READ : Move.ASK;
    };
  }

  /// When to ask again for an object that can be read.
  public static Instant askAgain(Instant until, Duration margin) {
    return until.equals(Instant.MAX) ? until : until.minus(margin);
  }

  /// How long to wait before the next look at an object that was asked for: longer each time, up to
  /// a quarter of what its tier needs at least.
  ///
  /// @param looks looks since the request
  public static Duration wait(int looks, Duration first, TimeSpan tier) {
    var longest = tier.low().dividedBy(4);
    var doubled = first.multipliedBy(1L << Math.min(looks, 20));
    if (longest.compareTo(first) < 0) {
      return first;
    }
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  /// Why an archive cannot be asked; empty when it can.
  ///
  /// @param where class and site, for people
  public static Optional<String> refusal(
      String where, ArchiveClass archive, Optional<ThawTier> tier) {
    if (tier.isEmpty()) {
      return Optional.of("archived (%s): add --thaw standard".formatted(where));
    }
    if (archive.tiers().containsKey(tier.get())) {
      return Optional.empty();
    }
    return Optional.of(
        "archived (%s), which has no tier '%s': use %s"
            .formatted(
                where,
                tier.get().text(),
                archive.tiers().keySet().stream()
                    .sorted(Comparator.naturalOrder())
                    .map(ThawTier::text)
                    .collect(Collectors.joining(" or "))));
  }

  /// The attributes that a restored object is written with: those that it had, in a class that can
  /// be read at once. An archive class becomes the default one.
  public static ObjectAttributes readable(ObjectAttributes attributes, ProviderProfile target) {
    return attributes
            .storageClass()
            .filter(name -> target.archiveClasses().containsKey(name))
            .isPresent()
        ? attributes.withStorageClass(Optional.empty())
        : attributes;
  }
}
