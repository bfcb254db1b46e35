package org.vistadr.restore.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.RestoreCourse;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreItem;

/// The items of a plan that are to be carried out, each once, in the order of the plan, read a page
/// at a time together with the versions that they want. Safe for use by many threads.
final class Upcoming {

  private static final int PAGE = 512;

  private final Catalog catalog;
  private final String planId;
  private final Deque<Task> page = new ArrayDeque<>();
  private RestoreCourse.Cursor cursor = RestoreCourse.Cursor.START;
  private boolean ended;

  /// @param item what is to be carried out
  /// @param wanted the version that it wants, as the catalog knew it a moment ago; empty when it
  ///   wants none, or the catalog has to be asked
  record Task(RestoreItem item, Optional<RecordedVersion> wanted) {}

  Upcoming(Catalog catalog, String planId) {
    this.catalog = catalog;
    this.planId = planId;
  }

  /// The next item; empty when there is none any more.
  synchronized Optional<Task> next() {
    if (page.isEmpty() && !ended) {
      read();
    }
    return Optional.ofNullable(page.pollFirst());
  }

  private void read() {
    var items = catalog.course().next(planId, cursor, PAGE);
    ended = items.size() < PAGE;
    if (items.isEmpty()) {
      return;
    }
    cursor = RestoreCourse.Cursor.behind(items.getLast());
    var versions = catalog.versions().findAll(wanted(items));
    for (var item : items) {
      page.add(
          new Task(
              item,
              item.wanted().isPresent()
                  // Its hash may be learned meanwhile.
                  ? Optional.ofNullable(versions.get(item.wanted().getAsLong()))
                      .filter(version -> version.sha256().isPresent())
                  : Optional.empty()));
    }
  }

  private static List<Long> wanted(List<RestoreItem> items) {
    return items.stream()
        .map(RestoreItem::wanted)
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .collect(Collectors.toList());
  }
}
