package org.vistadr.catalog;

import java.util.Arrays;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;

/// How values of prune plans stand in columns, as in [Codes].
final class PruneCodes {

  private PruneCodes() {}

  static int code(PrunePlan.State state) {
    return switch (state) {
      case MAKING -> 0;
      case PLANNED -> 1;
      case RUNNING -> 2;
      case DONE -> 3;
      case REFUSED -> 4;
      case FAILED -> 5;
    };
  }

  static PrunePlan.State planState(int code) {
    return Arrays.stream(PrunePlan.State.values())
        .filter(state -> code(state) == code)
        .findFirst()
        .orElseThrow(() -> unknown("state of a prune plan", code));
  }

  static int code(ItemState state) {
    return switch (state) {
      case TO_GO -> 0;
      case REMOVING -> 1;
      case REMOVED -> 2;
      case STAYS -> 3;
      case REFUSED -> 4;
      case DIFFERS -> 5;
    };
  }

  static ItemState itemState(int code) {
    return Arrays.stream(ItemState.values())
        .filter(state -> code(state) == code)
        .findFirst()
        .orElseThrow(() -> unknown("state of a pruned item", code));
  }

  static PruneRule.Why why(String word) {
    return Arrays.stream(PruneRule.Why.values())
        .filter(why -> why.name().equals(word))
        .findFirst()
        .orElseThrow(() -> unknown("reason to prune", word));
  }

  private static CatalogException unknown(String what, Object code) {
    return new CatalogException(
        "the catalog holds the unknown %s %s\nHINT: it was written by another program or is damaged; restore a copy of it"
            .formatted(what, code));
  }
}
