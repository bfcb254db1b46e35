package org.vistadr.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;

/// Changes of the table `prune_sum`, gathered during a transaction and written at its end.
final class PruneSums {

  private final Handle handle;
  private final String plan;
  private final Map<Bucket, long[]> changes = new LinkedHashMap<>();

  PruneSums(Handle handle, String plan) {
    this.handle = handle;
    this.plan = plan;
  }

  void add(int secondary, ItemState state, PruneRule.Why why, long versions, long bytes) {
    long[] sum =
        changes.computeIfAbsent(
            new Bucket(secondary, PruneCodes.code(state), why.name()), _ -> new long[2]);
    sum[0] += versions;
    sum[1] += bytes;
  }

  void write() {
    changes.forEach((bucket, sum) -> {
      int known =
          handle.execute(
              """
              UPDATE prune_sum SET versions = versions + ?, bytes = bytes + ?
              WHERE plan_id = ? AND secondary_id = ? AND state = ? AND why = ?\
              """,
              sum[0],
              sum[1],
              plan,
              bucket.secondary,
              bucket.state,
              bucket.why);
      if (known == 0) {
        handle.execute(
            "INSERT INTO prune_sum VALUES (?, ?, ?, ?, ?, ?)",
            plan,
            bucket.secondary,
            bucket.state,
            bucket.why,
            sum[0],
            sum[1]);
      }
    });
    changes.clear();
  }

  private record Bucket(int secondary, int state, String why) {}
}
