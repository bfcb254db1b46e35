package org.vistadr.server.health;

import java.util.ArrayList;
import java.util.List;
import org.vistadr.catalog.FindingLog;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;

/// What a person should know of a secondary although its copies are good as far as is known.
final class ScrubWarnings {

  private ScrubWarnings() {}

  /// One sentence each.
  static List<String> of(Engine engine, SiteName secondary) {
    List<String> warnings = new ArrayList<>();
    long extra = engine.catalog().findings().open(secondary, FindingLog.Concern.EXTRA);
    if (extra > 0) {
      warnings.add(
          "%s: %d objects there are no copies of ours; see vistadr verify findings"
              .formatted(secondary, extra));
    }
    String trouble = engine.catalog().scrub().progress(secondary, ScrubDepth.LISTING).trouble();
    if (!trouble.isEmpty()) {
      warnings.add("%s: %s".formatted(secondary, trouble));
    }
    return warnings;
  }
}
