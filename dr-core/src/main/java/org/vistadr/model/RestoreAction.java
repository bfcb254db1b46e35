package org.vistadr.model;

import java.util.Locale;

/// What a restore plan does with one key.
public enum RestoreAction {
  /// Absent now, content at the moment.
  BRING_BACK,
  /// Other content now.
  PUT_BACK,
  /// Content now, absent at the moment, and keys born since shall go: gets a delete marker.
  DELETE,
  /// The content of the moment is current.
  UNCHANGED,
  /// Differs, and the request says to leave it.
  LEFT_ALONE,
  /// Should change and cannot; the reason says why.
  CANNOT;

  /// Whether applying the plan writes.
  public boolean writes() {
    return switch (this) {
      case BRING_BACK, PUT_BACK, DELETE -> true;
      case UNCHANGED, LEFT_ALONE, CANNOT -> false;
    };
  }

  /// The name in answers and output: `bring-back`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
