package org.vistadr.server.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ConfigRisk;
import org.vistadr.protect.BucketConfigs;
import org.vistadr.server.engine.Engine;

/// Tells what is to be known of the primary's bucket configuration, from the catalog alone.
final class BucketConfigReport {

  private static final Duration LONG_AGO = Duration.ofDays(1);

  private BucketConfigReport() {}

  /// One sentence for each thing that a person should look at.
  static List<String> warnings(Engine engine) {
    BucketConfigs configs = engine.bucketConfigs();
    List<String> warnings = new ArrayList<>();
    configs
        .drift()
        .ifPresent(drift ->
            warnings.add(
                "the primary's bucket configuration changed: %s; see vistadr bucket config diff"
                    .formatted(BucketConfigs.words(drift.settings()))));
    configs.risks().stream()
        .filter(risk -> risk.kind().isWarning())
        .map(ConfigRisk::detail)
        .forEach(detail -> warnings.add("the primary's bucket: " + detail));
    Optional<Instant> readAt = configs.log().readAt();
    readAt
        .filter(at -> at.plus(LONG_AGO).isBefore(engine.clock().instant()))
        .ifPresent(at -> warnings.add("the primary's bucket configuration was read last at " + at));
    if (readAt.isEmpty() && engine.catalog().scans().lastComplete().isPresent()) {
      warnings.add("the primary's bucket configuration was never read");
    }
    return warnings;
  }
}
