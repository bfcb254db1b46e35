package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.server.engine.Engine;

/// What retention removed, and how often it refused to.
///
/// @param engine knows
public record PruneMeter(Engine engine) {

  /// Registers the instruments.
  public void register(PrometheusRegistry registry) {
    pruned(registry, "versions", "Versions that retention removed.", ReplicaLog.Count::objects);
    pruned(
        registry,
        "bytes",
        "Bytes of the versions that retention removed.",
        ReplicaLog.Count::bytes);
    GaugeWithCallback.builder()
        .name("vistadr_prune_last_success_timestamp_seconds")
        .help("When the last prune plan was carried out to its end; absent before the first.")
        .callback(sample ->
            engine
                .catalog()
                .prunes()
                .lastDone()
                .map(Instant::toEpochMilli)
                .ifPresent(millis -> sample.call(millis / 1e3)))
        .register(registry);
    CounterWithCallback.builder()
        .name("vistadr_prune_refusals_total")
        .help("How often retention refused to plan or to remove, since the daemon began.")
        .labelNames("reason")
        .callback(sample -> {
          Map<Reason, Long> refusals = engine.prune().refusals();
          for (Reason reason : Reason.values()) {
            sample.call(refusals.getOrDefault(reason, 0L), reason.text());
          }
        })
        .register(registry);
  }

  private void pruned(
      PrometheusRegistry registry,
      String what,
      String help,
      ToLongFunction<ReplicaLog.Count> number) {
    GaugeWithCallback.builder()
        .name("vistadr_pruned_" + what)
        .help(help)
        .labelNames("secondary")
        .callback(sample ->
            engine
                .sites()
                .secondaries()
                .forEach(secondary ->
                    sample.call(
                        (double)
                            number.applyAsLong(
                                engine.catalog().prunes().pruned(secondary.site().name())),
                        secondary.site().name().value())))
        .register(registry);
  }
}
