package org.vistadr.catalog;

import org.vistadr.model.Finding;

/// How kinds and states of findings stand in columns. As [Codes].
final class FindingCodes {

  private FindingCodes() {}

  static int code(Finding.Kind kind) {
    return switch (kind) {
      case MISSING -> 0;
      case CHANGED -> 1;
      case CORRUPT -> 2;
      case METADATA -> 3;
      case SWAPPED -> 4;
      case EXTRA -> 5;
    };
  }

  static Finding.Kind kind(int code) {
    return switch (code) {
      case 0 -> Finding.Kind.MISSING;
      case 1 -> Finding.Kind.CHANGED;
      case 2 -> Finding.Kind.CORRUPT;
      case 3 -> Finding.Kind.METADATA;
      case 4 -> Finding.Kind.SWAPPED;
      case 5 -> Finding.Kind.EXTRA;
      default ->
          throw new CatalogException("the catalog holds the unknown kind %d".formatted(code));
    };
  }

  static int code(Finding.State state) {
    return switch (state) {
      case OPEN -> 0;
      case BEING_REPAIRED -> 1;
      case REPAIRED -> 2;
      case ACKNOWLEDGED -> 3;
      case GONE -> 4;
    };
  }

  static Finding.State state(int code) {
    return switch (code) {
      case 0 -> Finding.State.OPEN;
      case 1 -> Finding.State.BEING_REPAIRED;
      case 2 -> Finding.State.REPAIRED;
      case 3 -> Finding.State.ACKNOWLEDGED;
      case 4 -> Finding.State.GONE;
      default ->
          throw new CatalogException("the catalog holds the unknown state %d".formatted(code));
    };
  }
}
