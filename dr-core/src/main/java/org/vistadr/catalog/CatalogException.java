package org.vistadr.catalog;

/// The catalog cannot be used. The message is lower case and says what to do next after `HINT:`.
public sealed class CatalogException extends RuntimeException permits CatalogInUseException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong and what to do
  public CatalogException(String message, Throwable cause) {
    super(message, cause);
  }

  /// @param message what is wrong and what to do
  public CatalogException(String message) {
    super(message);
  }
}
