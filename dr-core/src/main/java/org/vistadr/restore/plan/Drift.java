package org.vistadr.restore.plan;

import java.util.List;
import org.vistadr.model.ObjectKey;

/// How far the bucket has gone away from what a plan saw. Pure.
///
/// @param planned items that the plan writes
/// @param checked how many of them were looked at again: all of a small plan, else some of all
///   parts
/// @param changed how many of these are not as the plan saw them
/// @param overwrites how many of these hold content that came after the plan
/// @param keys some that changed
public record Drift(
    long planned, long checked, long changed, long overwrites, List<ObjectKey> keys) {

  private static final int KEYS_SHOWN = 5;

  /// One in a hundred may have changed: these are treated as the request says.
  private static final int ONE_IN = 100;

  public Drift {
    keys = List.copyOf(keys.subList(0, Math.min(keys.size(), KEYS_SHOWN)));
  }

  /// Whether a person should look again before the plan is carried out.
  public boolean forbids() {
    return overwrites > 0 || changed * ONE_IN > checked;
  }

  /// The difference, for people.
  public String words() {
    return "%d of %s changed since the plan was made%s: %s%s"
        .formatted(
            changed,
            checked == planned
                ? "%d objects".formatted(planned)
                : "%d objects that were looked at, of %d,".formatted(checked, planned),
            overwrites == 0 ? "" : ", %d of them got new content".formatted(overwrites),
            String.join(", ", keys.stream().map(ObjectKey::value).toList()),
            changed > keys.size() ? ", ..." : "");
  }
}
