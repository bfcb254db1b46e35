package org.vistadr.catalog;

import java.nio.file.Path;
import java.util.Optional;

/// Another process has the catalog open, or this one has already.
public final class CatalogInUseException extends CatalogException {

  private static final long serialVersionUID = 1L;

  private final transient Optional<CatalogHolder> holder;

  /// @param by who, for the message
  /// @param holder who, as far as it said so
  CatalogInUseException(Path path, String by, Optional<CatalogHolder> holder) {
    super(
        "the catalog in %s is in use by %s%s\nHINT: %s"
            .formatted(
                path,
                by,
                holder.map(known -> ": " + known.words()).orElse(""),
                hint(holder.map(CatalogHolder::use))));
    this.holder = holder;
  }

  /// Who has it, as far as it said so.
  public Optional<CatalogHolder> holder() {
    return holder;
  }

  private static String hint(Optional<CatalogHolder.Use> use) {
    return use.filter(CatalogHolder.Use.COMMAND::equals).isPresent()
        ? "wait until it has ended, or end it: what it did is recorded"
        : "one daemon at a time; stop the other one, or use its API";
  }
}
