package org.vistadr.restore.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.vistadr.catalog.RestoreCourse;
import org.vistadr.model.RestoreItem;

/// The items of a plan that are to be carried out, each once, in the order of the plan, read a page
/// at a time. Safe for use by many threads.
final class Upcoming {

  private static final int PAGE = 512;

  private final RestoreCourse course;
  private final String planId;
  private final Deque<RestoreItem> page = new ArrayDeque<>();
  private RestoreCourse.Cursor cursor = RestoreCourse.Cursor.START;
  private boolean ended;

  Upcoming(RestoreCourse course, String planId) {
    this.course = course;
    this.planId = planId;
  }

  /// The next item; empty when there is none any more.
  synchronized Optional<RestoreItem> next() {
    if (page.isEmpty() && !ended) {
      page.addAll(course.next(planId, cursor, PAGE));
      ended = page.size() < PAGE;
      if (!page.isEmpty()) {
        cursor = RestoreCourse.Cursor.behind(page.getLast());
      }
    }
    return Optional.ofNullable(page.pollFirst());
  }
}
