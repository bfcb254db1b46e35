package org.vistadr.catalog;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;

/// Codes of what restoring stores; see [Codes].
final class RestoreCodes {

  static final int BEING_MADE = 0;
  static final int READY = 1;
  static final int APPLIED = 2;

  static final int PENDING = 0;
  static final int FAILED = 3;

  /// States of restores that are not over, as SQL.
  static final String NOT_OVER =
      Arrays.stream(Restore.State.values())
          .filter(state -> !state.ended())
          .map(state -> String.valueOf(code(state)))
          .collect(Collectors.joining(", ", "(", ")"));

  private RestoreCodes() {}

  static int code(RestoreAction action) {
    return switch (action) {
      case BRING_BACK -> 0;
      case PUT_BACK -> 1;
      case DELETE -> 2;
      case UNCHANGED -> 3;
      case LEFT_ALONE -> 4;
      case CANNOT -> 5;
    };
  }

  static RestoreAction action(int code) {
    return find(RestoreAction.values(), RestoreCodes::code, code, "action of a restore");
  }

  static int code(RestoreItem.State state) {
    return switch (state) {
      case PENDING -> PENDING;
      case DONE -> 1;
      case SKIPPED -> 2;
      case FAILED -> FAILED;
      case THAWING -> 4;
    };
  }

  static RestoreItem.State itemState(int code) {
    return find(RestoreItem.State.values(), RestoreCodes::code, code, "state of an item");
  }

  static int code(Restore.State state) {
    return switch (state) {
      case QUEUED -> 0;
      case RUNNING -> 1;
      case COMPLETED -> 2;
      case PARTIAL -> 3;
      case FAILED -> 4;
      case CANCELLED -> 5;
      case THAWING -> 6;
      case PAUSED -> 7;
    };
  }

  static Restore.State restoreState(int code) {
    return find(Restore.State.values(), RestoreCodes::code, code, "state of a restore");
  }

  static int code(RestoreRules.Overwrite overwrite) {
    return switch (overwrite) {
      case IF_CHANGED -> 0;
      case ALWAYS -> 1;
      case NEVER -> 2;
      case IF_NEWER -> 3;
    };
  }

  static RestoreRules.Overwrite overwrite(int code) {
    return find(RestoreRules.Overwrite.values(), RestoreCodes::code, code, "overwrite rule");
  }

  static int code(RestorePlan.Basis basis) {
    return switch (basis) {
      case VERSIONS -> 0;
      case SCANS -> 1;
    };
  }

  static RestorePlan.Basis basis(int code) {
    return find(RestorePlan.Basis.values(), RestoreCodes::code, code, "basis of a view");
  }

  static int code(RestorePlan.Confirm confirm) {
    return switch (confirm) {
      case NONE -> 0;
      case YES -> 1;
      case BUCKET -> 2;
    };
  }

  static RestorePlan.Confirm confirm(int code) {
    return find(RestorePlan.Confirm.values(), RestoreCodes::code, code, "confirmation");
  }

  private static <E extends Enum<E>> E find(
      E[] values, java.util.function.ToIntFunction<E> codeOf, int code, String what) {
    for (var value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return value;
      }
    }
    throw new CatalogException(
        "the catalog holds the unknown %s %d\nHINT: it was written by another program or is damaged; restore a copy of it"
            .formatted(what, code));
  }
}
