package org.vistadr.restore.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.ScanSpan;
import org.vistadr.model.StateAt;
import org.vistadr.model.ViewAt;

/// States of keys at one moment. Remembers a bounded number of scans. Not thread-safe.
public final class KeyStates {

  private static final int SCANS_REMEMBERED = 256;

  private final Catalog catalog;
  private final RestorePlan.Moment moment;
  private final boolean newest;
  private final Map<Long, Optional<ScanSpan>> scans =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Optional<ScanSpan>> eldest) {
          return size() > SCANS_REMEMBERED;
        }
      };

  /// @param moment what the time resolved to
  /// @param newest whether the newest known state is meant, whatever its time
  public KeyStates(Catalog catalog, RestorePlan.Moment moment, boolean newest) {
    this.catalog = catalog;
    this.moment = moment;
    this.newest = newest;
  }

  public RestorePlan.Moment moment() {
    return moment;
  }

  public StateAt of(List<RecordedVersion> newestFirst) {
    if (newest) {
      return ViewAt.latest(newestFirst);
    }
    return switch (moment.basis()) {
      case VERSIONS -> ViewAt.state(newestFirst, moment.viewedAt(), this::span);
      case SCANS -> ViewAt.scanned(newestFirst, moment.viewedAt(), this::span);
    };
  }

  public StateAt of(ObjectKey key) {
    return of(catalog.versions().history(key).newestFirst());
  }

  private Optional<ScanSpan> span(long number) {
    return scans.computeIfAbsent(number, catalog.reach()::span);
  }
}
