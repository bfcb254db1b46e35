package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.restore.Restores;

/// Restores as metrics, from what is stored of them: the numbers survive a restart.
public final class RestoreMeter {

  private static final int PAGE = 100;

  private final Restores restores;
  private final Instruments instruments;
  private final Set<String> counted = new HashSet<>();
  private final Map<Restore.State, Long> finished = new EnumMap<>(Restore.State.class);
  private final Map<RestoreItem.State, Long> endedItems = new EnumMap<>(RestoreItem.State.class);
  private long endedBytes;

  /// @param instruments told of values that cannot be read
  public RestoreMeter(Restores restores, Instruments instruments) {
    this.restores = restores;
    this.instruments = instruments;
  }

  /// Registers the instruments.
  public void register(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("vistadr_restore_jobs")
        .help("Restores that are not over.")
        .labelNames("state")
        .callback(sample -> {
          for (Restore.State state : Restore.State.values()) {
            if (!state.ended()) {
              sample.call(
                  (double) look().active().stream().filter(r -> r.state() == state).count(),
                  state.text());
            }
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("vistadr_restore_jobs_finished_total")
        .help("Restores that ended.")
        .labelNames("result")
        .callback(sample -> {
          Look look = look();
          for (Restore.State state : Restore.State.values()) {
            if (state.ended()) {
              sample.call((double) look.finished().getOrDefault(state, 0L), state.text());
            }
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("vistadr_restore_objects_total")
        .help("Objects that restores dealt with.")
        .labelNames("result")
        .callback(sample -> {
          Look look = look();
          for (RestoreItem.State state : RestoreItem.State.values()) {
            if (state != RestoreItem.State.PENDING && state != RestoreItem.State.THAWING) {
              sample.call((double) look.items().getOrDefault(state, 0L), state.text());
            }
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("vistadr_restore_bytes_total")
        .help("Bytes that restores wrote and verified.")
        .callback(sample -> sample.call((double) look().bytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("vistadr_restore_active_bytes")
        .help("Bytes that the restores under way have to write.")
        .callback(sample ->
            sample.call((double) look().active().stream().mapToLong(r -> r.total().bytes()).sum()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("vistadr_restore_active_done_bytes")
        .help("Bytes that the restores under way have written.")
        .callback(sample ->
            sample.call((double) look().active().stream().mapToLong(r -> r.done().bytes()).sum()))
        .register(registry);
  }

  /// Adds up what ended since the last look; older restores are read once only.
  private synchronized Look look() {
    try {
      List<Restore> active = new java.util.ArrayList<>();
      Optional<String> before = Optional.empty();
      boolean more = true;
      while (more) {
        List<Restore> page = restores.list(PAGE, before);
        boolean anyNew = false;
        for (Restore restore : page) {
          if (!restore.state().ended()) {
            active.add(restore);
          } else if (counted.add(restore.id())) {
            anyNew = true;
            finished.merge(restore.state(), 1L, Long::sum);
            restore.counts().forEach((state, count) -> endedItems.merge(state, count, Long::sum));
            endedBytes += restore.done().bytes();
          }
        }
        more = page.size() == PAGE && anyNew;
        before = more ? Optional.of(page.getLast().id()) : before;
      }
      Map<RestoreItem.State, Long> items = new HashMap<>(endedItems);
      long bytes = endedBytes;
      for (Restore restore : active) {
        restore.counts().forEach((state, count) -> items.merge(state, count, Long::sum));
        bytes += restore.done().bytes();
      }
      return new Look(active, Map.copyOf(finished), items, bytes);
    } catch (RuntimeException e) {
      instruments.scrapeFailed();
      throw e;
    }
  }

  private record Look(
      List<Restore> active,
      Map<Restore.State, Long> finished,
      Map<RestoreItem.State, Long> items,
      long bytes) {}
}
