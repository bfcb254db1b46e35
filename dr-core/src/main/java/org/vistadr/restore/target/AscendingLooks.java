package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreScope;
import org.vistadr.restore.source.Looked;
import org.vistadr.storage.StorageException;

/// Looks at keys of a scope that are asked for in rising order, through listings of the scope's
/// prefixes, so that a thousand keys cost one request. A key that is out of order, or far away in
/// the listing, is looked at by itself. Constant memory. Not thread-safe.
public final class AscendingLooks {

  /// So many keys are passed by in a listing before a key is looked at by itself.
  private static final int MOST_PASSED = 1000;

  private final Target target;
  private final RestoreScope scope;
  private Optional<Listing> listing = Optional.empty();

  public AscendingLooks(Target target, RestoreScope scope) {
    this.target = target;
    this.scope = scope;
  }

  /// What the target has of a key now.
  public Looked look(ObjectKey key) throws StorageException {
    var prefix = prefix(key);
    if (prefix.isEmpty()) {
      return target.look(key);
    }
    if (listing.filter(open -> open.prefix.equals(prefix.get())).isEmpty()) {
      listing = Optional.of(new Listing(prefix.get(), target.below(prefix.get())));
    }
    var found = listing.get().find(key);
    return found.isPresent() ? found.get() : target.look(key);
  }

  private Optional<String> prefix(ObjectKey key) {
    return switch (scope) {
      case RestoreScope.All() -> Optional.of("");
      case RestoreScope.Parts(_, var prefixes) ->
          prefixes.stream().filter(key.value()::startsWith).findFirst();
    };
  }

  private static final class Listing {

    private final String prefix;
    private final TargetKeys keys;
    private Optional<ObjectKey> last = Optional.empty();

    Listing(String prefix, TargetKeys keys) {
      this.prefix = prefix;
      this.keys = keys;
    }

    /// Empty when the listing does not tell.
    Optional<Looked> find(ObjectKey key) throws StorageException {
      if (last.filter(passed -> passed.compareTo(key) >= 0).isPresent()) {
        return Optional.empty();
      }
      for (int passed = 0; passed <= MOST_PASSED; passed++) {
        var next = keys.peekKey();
        if (next.filter(found -> found.compareTo(key) < 0).isEmpty()) {
          last = Optional.of(key);
          return Optional.of(keys.take(key));
        }
        last = next;
        keys.take(next.get());
      }
      return Optional.empty();
    }
  }
}
