package org.vistadr.restore.run;

import java.util.List;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.view.Moments;

/// Looks at the keys that a restore wrote at the primary, so that their history and the state of
/// the bucket show it at once. Many keys are left to the next scan, which costs less than a look at
/// each.
///
/// @param moments brings the catalog up to date
record LookAfter(Catalog catalog, Moments moments) {

  private static final int KEYS_LOOKED_AT = 100;

  /// Looks, when the restore wrote few keys in place.
  void look(Restore restore) {
    if (!(restore.request().target() instanceof RestoreTarget.InPlace)) {
      return;
    }
    var keys = written(restore.planId());
    if (!keys.isEmpty() && keys.size() <= KEYS_LOOKED_AT) {
      moments.refreshed(RestoreScope.keys(keys));
    }
  }

  private List<ObjectKey> written(String planId) {
    return catalog
        .restores()
        .itemsIn(planId, RestoreItem.State.DONE, 0, KEYS_LOOKED_AT + 1)
        .stream()
        .map(RestoreItem::key)
        .toList();
  }
}
