package org.vistadr.server.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.AmbiguousKey;
import org.vistadr.api.ObjectListing;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.Step;
import org.vistadr.restore.view.ViewEntry;

/// One page of a listing while it is filled: bounded in what it holds and in how many keys it looks
/// at, so that an answer comes soon where little matches. Used by one thread.
final class ViewPage {

  /// Keys looked at for one page.
  static final int MOST_LOOKED_AT = 50_000;

  private final ViewAnswers answers;
  private final int size;
  private final List<ObjectListing.Item> items = new ArrayList<>();
  private final List<String> prefixes = new ArrayList<>();
  private final List<AmbiguousKey> ambiguous = new ArrayList<>();
  private Optional<String> last = Optional.empty();
  private int looked;

  ViewPage(ViewAnswers answers, int size) {
    this.answers = answers;
    this.size = size;
  }

  /// The key behind which a cursor of ours goes on.
  static Optional<ObjectKey> after(Optional<String> cursor) {
    return cursor
        .filter(text -> text.startsWith("k"))
        .map(text -> Parameters.key(text.substring(1)));
  }

  boolean isFull() {
    return items.size() + prefixes.size() + ambiguous.size() >= size || looked >= MOST_LOOKED_AT;
  }

  /// A key that the page does not show.
  void pass(ObjectKey key) {
    looked++;
    last = Optional.of("k" + key.value());
  }

  void add(Step<ViewEntry> step) {
    pass(step.key());
    step.entry()
        .ifPresent(entry -> {
          answers.item(entry).ifPresent(items::add);
          entry
              .doubt()
              .ifPresent(doubt -> ambiguous.add(ViewAnswers.ambiguous(entry.key(), doubt)));
        });
  }

  /// A prefix below which the listing goes on elsewhere.
  void addPrefix(String prefix) {
    looked++;
    prefixes.add(prefix);
    last = Optional.of("p" + prefix);
  }

  /// @param more whether keys are left
  /// @param nearest prefixes to name when there is nothing at all
  ObjectListing finish(
      RestorePlan.Moment moment, boolean more, boolean strict, List<String> nearest)
      throws RestoreRefusedException {
    if (strict) {
      ViewAnswers.requireCertain(ambiguous);
    }
    boolean nothing = items.isEmpty() && prefixes.isEmpty() && ambiguous.isEmpty() && !more;
    return new ObjectListing(
        moment.at(),
        ViewAnswers.basis(moment),
        moment.basisAt(),
        moment.complete(),
        answers.moment(moment),
        prefixes,
        items,
        ambiguous,
        nothing ? nearest : List.of(),
        more ? last.map(Parameters::cursor) : Optional.empty());
  }
}
