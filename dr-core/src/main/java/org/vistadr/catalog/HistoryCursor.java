package org.vistadr.catalog;

import java.util.Optional;
import org.vistadr.model.ObjectKey;

/// Reads histories in key order, a page at a time, holding no database resource between pages. Not
/// thread-safe.
public interface HistoryCursor {

  /// The next key's history, or empty at the end of the range. Later calls stay empty.
  Optional<KeyHistory> next();

  /// The key that [#next()] will give, without passing it.
  Optional<ObjectKey> peekKey();
}
