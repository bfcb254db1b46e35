package org.vistadr.restore.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.vistadr.model.MeasuredSpeed;
import org.vistadr.model.PriceList;
import org.vistadr.model.RestoreEstimate;
import org.vistadr.model.RestoreEstimate.Cost;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.SiteName;
import org.vistadr.model.TimeSpan;
import org.vistadr.storage.ProviderProfile;

/// What a plan will cost and how long it will take, from its sums, list prices and measured speeds.
/// Pure. What is unknown is said to be unknown and never counted as nothing.
///
/// @param prices by site
/// @param speeds measured before
/// @param profiles by site
/// @param target the site that is written to; empty for a directory
record EstimateRule(
    Map<SiteName, PriceList> prices,
    List<MeasuredSpeed> speeds,
    Map<SiteName, ProviderProfile> profiles,
    Optional<SiteName> target) {

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);

  /// Objects larger than this are read and written in parts of this size.
  private static final long PART = 64L << 20;

  /// A measured speed says no more than this of the next one.
  private static final double SPREAD = 0.2;

  /// @param tier how fast archives are asked
  /// @param bytesPerSecond the most that is written in a second
  RestoreEstimate of(
      List<RestorePortion> portions, Optional<ThawTier> tier, OptionalLong bytesPerSecond) {
    var egress = Amount.ZERO;
    for (var portion : portions) {
      if (leaves(portion)) {
        egress = egress.plus(portion.amount().objects(), portion.amount().bytes());
      }
    }
    var thaw = tier.flatMap(asked -> thaw(portions, asked));
    return new RestoreEstimate(
        portions,
        egress,
        cost(portions, tier),
        copying(portions, bytesPerSecond)
            .map(time -> thaw.map(RestoreEstimate.Thaw::time).orElse(TimeSpan.ZERO).plus(time)),
        thaw);
  }

  private boolean leaves(RestorePortion portion) {
    return !portion.onServer() && target.filter(portion.from()::equals).isEmpty();
  }

  private Optional<RestoreEstimate.Thaw> thaw(List<RestorePortion> portions, ThawTier tier) {
    var amount = Amount.ZERO;
    var time = TimeSpan.ZERO;
    for (var portion : portions) {
      if (portion.frozen()) {
        amount = amount.plus(portion.amount().objects(), portion.amount().bytes());
        time = time.with(typical(portion, tier).orElse(TimeSpan.ZERO));
      }
    }
    return amount.objects() == 0
        ? Optional.empty()
        : Optional.of(new RestoreEstimate.Thaw(amount, tier, time));
  }

  private Optional<TimeSpan> typical(RestorePortion portion, ThawTier tier) {
    return Optional.ofNullable(profiles.get(portion.from()))
        .flatMap(profile ->
            portion
                .storageClass()
                .flatMap(name -> Optional.ofNullable(profile.archiveClasses().get(name))))
        .flatMap(archive -> Optional.ofNullable(archive.tiers().get(tier)));
  }

  /// One place after the other, each by what its objects and by what its bytes need.
  private Optional<TimeSpan> copying(List<RestorePortion> portions, OptionalLong bytesPerSecond) {
    double low = 0;
    double high = 0;
    long bytes = 0;
    for (var portion : portions) {
      var speed =
          speeds.stream()
              .filter(known ->
                  known.from().equals(portion.from()) && known.onServer() == portion.onServer())
              .findFirst();
      if (speed.isEmpty()) {
        return Optional.empty();
      }
      double byObjects = portion.amount().objects() / speed.get().objectsPerSecond();
      double byBytes =
          speed.get().bytesPerSecond() > 0
              ? portion.amount().bytes() / speed.get().bytesPerSecond()
              : byObjects;
      low += Math.min(byObjects, byBytes) * (1 - SPREAD);
      high += Math.max(byObjects, byBytes) * (1 + SPREAD);
      bytes += portion.amount().bytes();
    }
    double atLeast = bytesPerSecond.isPresent() ? (double) bytes / bytesPerSecond.getAsLong() : 0;
    return Optional.of(
        new TimeSpan(seconds(Math.max(low, atLeast)), seconds(Math.max(high, atLeast))));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofSeconds(Math.round(Math.ceil(seconds)));
  }

  private Cost cost(List<RestorePortion> portions, Optional<ThawTier> tier) {
    var bill = new Bill();
    for (var portion : portions) {
      long objects = portion.amount().objects();
      long bytes = portion.amount().bytes();
      long requests = objects + bytes / PART;
      var source = Optional.ofNullable(prices.get(portion.from()));
      if (portion.frozen() && tier.isPresent()) {
        var price =
            source.flatMap(list -> list.thawPrice(portion.storageClass().orElse(""), tier.get()));
        bill.add(
            source,
            price.map(
                per -> perGib(per.perGib(), bytes).add(perThousand(per.perThousand(), objects))),
            "thawing at " + portion.from());
      } else if (portion.storageClass().isPresent()) {
        bill.add(
            source,
            source
                .flatMap(list ->
                    Optional.ofNullable(list.readPerGib().get(portion.storageClass().get())))
                .map(per -> perGib(per, bytes)),
            "reading %s at %s".formatted(portion.storageClass().get(), portion.from()));
      }
      if (leaves(portion)) {
        bill.add(
            source,
            source.flatMap(PriceList::egressPerGib).map(per -> perGib(per, bytes)),
            "egress at " + portion.from());
      }
      bill.add(
          source,
          source.flatMap(PriceList::readsPerThousand).map(per -> perThousand(per, requests)),
          "requests at " + portion.from());
      if (target.isPresent()) {
        var written = Optional.ofNullable(prices.get(target.get()));
        bill.add(
            written,
            written.flatMap(PriceList::writesPerThousand).map(per -> perThousand(per, requests)),
            "requests at " + target.get());
      }
    }
    return new Cost(bill.known, bill.unknown.stream().distinct().toList());
  }

  private static BigDecimal perGib(BigDecimal price, long bytes) {
    return price.multiply(BigDecimal.valueOf(bytes)).divide(GIB, 10, RoundingMode.HALF_UP);
  }

  private static BigDecimal perThousand(BigDecimal price, long count) {
    return price.multiply(BigDecimal.valueOf(count)).divide(THOUSAND, 10, RoundingMode.HALF_UP);
  }

  private static final class Bill {
    private final Map<String, BigDecimal> known = new TreeMap<>();
    private final List<String> unknown = new ArrayList<>();

    void add(Optional<PriceList> list, Optional<BigDecimal> amount, String what) {
      if (list.isPresent() && amount.isPresent()) {
        known.merge(list.get().currency(), amount.get(), BigDecimal::add);
      } else {
        unknown.add(what);
      }
    }
  }
}
