package org.vistadr.server.health;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vistadr.api.DrillView;
import org.vistadr.model.Drill;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;

/// Tells how rehearsals of restores went, from the catalog alone.
public final class DrillReport {

  private DrillReport() {}

  /// A drill as a wire record.
  ///
  /// @param items what it names
  public static DrillView view(Engine engine, Drill drill, List<Drill.Item> items) {
    Drill.Tally tally = drill.tally();
    double seconds = tally.elapsed().toMillis() / 1e3;
    boolean measured = tally.restored() > 0 && seconds > 0;
    Map<String, Long> strata = new TreeMap<>();
    tally.strata().forEach((stratum, count) -> strata.put(word(stratum), count));
    return new DrillView(
        drill.id(),
        drill.from().value(),
        drill.who(),
        word(drill.state()),
        drill.moment(),
        drill.prefix(),
        drill.sample().isPresent() ? Optional.of(drill.sample().getAsInt()) : Optional.empty(),
        drill.seed(),
        drill.startedAt(),
        drill.endedAt(),
        seconds,
        tally.restored(),
        tally.bytes(),
        tally.failures(),
        tally.unproved(),
        tally.archived(),
        tally.leftOut(),
        strata,
        measured ? Optional.of(tally.restored() / seconds) : Optional.empty(),
        measured ? Optional.of(tally.bytes() / seconds) : Optional.empty(),
        tally.wholeObjects(),
        tally.wholeBytes(),
        drill.projection().map(Drill.Projection::low),
        drill.projection().map(Drill.Projection::high),
        engine.drillSettings().fullRestoreObjective().toSeconds(),
        drill.message(),
        items.stream()
            .map(item ->
                new DrillView.Item(
                    item.key().value(), word(item.kind()), word(item.stratum()), item.detail()))
            .toList());
  }

  /// The last drill over the whole bucket from a secondary, if that one failed.
  public static Optional<Drill> failing(Engine engine, SiteName secondary) {
    return ended(engine, secondary).filter(drill -> drill.state() == Drill.State.FAILED);
  }

  private static Optional<Drill> ended(Engine engine, SiteName secondary) {
    return Stream.of(Drill.State.SUCCEEDED, Drill.State.FAILED)
        .flatMap(state -> engine.catalog().drills().last(secondary, state).stream())
        .max(java.util.Comparator.comparingLong(Drill::id));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
